import { getCurrentInstance, onMounted, onUnmounted, reactive } from 'vue'

/** What showing the text costs, live. */
export interface Figures {
  /** Bytes handed to `setData` (mini-programs), by all components of the page. */
  bytes: number
  /** Calls of `setData`; on H5, batches of changes to the document. */
  commits: number
  /** Frames that came a frame or more late (H5); elsewhere, ticks of the logic layer that did. */
  dropped: number
  /** Of the text so far. */
  textBytes: number
  characters: number
}

interface Instance {
  readonly $scope?: { setData?: (data: object, done?: () => void) => void }
  readonly $children?: readonly Instance[]
}

const FRAME_MS = 1000 / 60
/** Figures are shown this often, in milliseconds: they are work for the view, too. */
const SHOW_MS = 500

const none: Figures = { bytes: 0, commits: 0, dropped: 0, textBytes: 0, characters: 0 }

/**
 * @param selector where changes count on H5
 * @param text what is played, asked for as rarely as the figures are shown
 * @param isPlaying frames count meanwhile
 */
export function useFigures(
  selector: string,
  text: () => string,
  isPlaying: () => boolean,
): { readonly shown: Figures; reset(): void } {
  const shown = reactive<Figures>({ ...none })
  const now: Figures = { ...none }
  const page = getCurrentInstance()?.proxy as unknown as Instance
  const undo: (() => void)[] = []

  function every(ms: number, run: () => void) {
    const timer = setInterval(run, ms)
    undo.push(() => clearInterval(timer))
  }

  onMounted(() => {
    // #ifdef H5
    const observer = new MutationObserver(() => now.commits++)
    const root = document.querySelector(selector)
    if (root) observer.observe(root, { childList: true, subtree: true, characterData: true })
    undo.push(() => observer.disconnect())
    let last = 0
    let frame = requestAnimationFrame(function tick(at) {
      if (last && isPlaying()) now.dropped += Math.max(0, Math.round((at - last) / FRAME_MS) - 1)
      last = at
      frame = requestAnimationFrame(tick)
    })
    undo.push(() => cancelAnimationFrame(frame))
    // #endif
    // #ifndef H5
    const counted = new WeakSet<object>()
    every(100, () => countSetData(page, counted, now))
    let due = Date.now() + 100
    every(100, () => {
      if (isPlaying()) now.dropped += Math.max(0, Math.floor((Date.now() - due) / FRAME_MS))
      due = Date.now() + 100
    })
    // #endif
    every(SHOW_MS, () => {
      const all = text()
      if (all.length !== now.characters) now.textBytes = utf8Length(all)
      now.characters = all.length
      Object.assign(shown, now)
    })
  })
  onUnmounted(() => undo.forEach((run) => run()))

  return {
    shown,
    reset: () => void Object.assign(now, none),
  }
}

/** Counts what each component below hands over from now on; the page itself shows the figures, and is left out. */
function countSetData(parent: Instance, counted: WeakSet<object>, figures: Figures) {
  for (const child of parent.$children ?? []) {
    const scope = child.$scope
    const original = scope?.setData
    if (scope && original && !counted.has(scope)) {
      counted.add(scope)
      scope.setData = function (data, done) {
        figures.commits++
        figures.bytes += utf8Length(JSON.stringify(data))
        original.call(scope, data, done)
      }
    }
    countSetData(child, counted, figures)
  }
}

function utf8Length(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3
  }
  return bytes
}
