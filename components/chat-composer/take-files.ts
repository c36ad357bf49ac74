import type { ChatFile } from './chat-file'
// #ifdef H5
import { fromBrowser } from './pick-files'

/** On H5: files that are pasted into the element, or dropped on it. */
export function takeFiles(element: HTMLElement, take: (files: readonly ChatFile[]) => void): void {
  const given = (data: DataTransfer | null) => Array.from(data?.files ?? []).map(fromBrowser)
  element.addEventListener('paste', (event) => {
    const files = given(event.clipboardData)
    if (files.length === 0) return
    event.preventDefault()
    take(files)
  })
  element.addEventListener('dragover', (event) => event.preventDefault())
  element.addEventListener('drop', (event) => {
    event.preventDefault()
    take(given(event.dataTransfer))
  })
}
// #endif
