import {
  codeColoursKey,
  isTextPart,
  type ChatMessage,
  type CodeColours,
  type ColourLine,
} from 'uni-sse-channel'
import { computed, shallowRef, type App, type Ref } from 'vue'

/** Without an entry: the script did not come. Code is plain then. */
const loaded = shallowRef<{ readonly colours?: CodeColours }>()
let loading: Promise<void> | undefined

/** For H5: the script that colours code is no part of the first page. It comes when a question is begun, or with code. */
export function loadColours(): void {
  loading ??= import('./code-languages').then(
    ({ highlighter }) => void (loaded.value = { colours: highlighter }),
    () => void (loaded.value = {}),
  )
}

function start(language: string): ColourLine {
  loadColours()
  let read: ColourLine | undefined
  // Lines from before the script came stay plain, but say what stands in the next ones.
  const missed: string[] = []
  return (line) => {
    const colours = loaded.value?.colours
    if (!colours) {
      missed.push(line)
      return ''
    }
    if (!read) {
      read = colours.start(language) ?? (() => '')
      for (const one of missed.splice(0)) read(one)
    }
    return read(line)
  }
}

/** A Vue plugin. */
export const lateColours = {
  install(app: App) {
    app.provide(codeColoursKey, { start })
    document.addEventListener('focusin', loadColours, { once: true })
  },
}

const hasCode = ({ parts }: ChatMessage) =>
  parts.some((part) => isTextPart(part) && part.text.includes('```'))

/** A conversation from the storage waits for the colours of its code: what was shown without them would stay so. */
export function whenColoured(
  messages: Readonly<Ref<readonly ChatMessage[]>>,
): Readonly<Ref<readonly ChatMessage[]>> {
  let isShown = false
  return computed(() => {
    const all = messages.value
    if (isShown || loaded.value || !all.some(hasCode)) {
      isShown ||= all.length > 0
      return all
    }
    loadColours()
    return []
  })
}
