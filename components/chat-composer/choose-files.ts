import type { ChatWords } from '../chat-look/chat-words'
import type { ChatFile } from './chat-file'
import { fileSources, pickFiles } from './pick-files'

/** Asks where from, where there is a choice, then for the files. Nothing when the reader changes their mind. */
export function chooseFiles(words: ChatWords, count: number): Promise<readonly ChatFile[]> {
  const sources = fileSources()
  const [only] = sources
  if (sources.length === 1 && only) return pickFiles(only, count)
  return new Promise((resolve) => {
    uni.showActionSheet({
      itemList: sources.map((source) => words[source]),
      success({ tapIndex }) {
        const source = sources[tapIndex]
        resolve(source ? pickFiles(source, count) : [])
      },
      fail: () => resolve([]),
    })
  })
}
