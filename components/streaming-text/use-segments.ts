import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** One flush of text. Never changes once shown, so the view is sent it once. */
export interface Segment {
  readonly key: string
  readonly text: string
}

/** Views are updated this often at most, in milliseconds: every update of a mini-program costs a `setData`. */
const FLUSH_MS = 50

/**
 * A growing text as segments that are only ever appended.
 * A text that does not continue what is shown starts over.
 * @param isGrowing more is expected: wait for the next flush instead of showing each piece at once
 */
export function useSegments(
  content: () => string,
  isGrowing: () => boolean,
): Readonly<ShallowRef<readonly Segment[]>> {
  const segments = shallowRef<readonly Segment[]>([])
  let shown = ''
  let life = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    const text = content()
    if (text === shown) return
    const continues = text.startsWith(shown)
    const kept = continues ? segments.value : []
    if (!continues) life++
    const added = continues ? text.slice(shown.length) : text
    segments.value = added ? [...kept, { key: `${life}:${kept.length}`, text: added }] : kept
    shown = text
  }

  watch(
    [content, isGrowing],
    () => {
      if (!isGrowing()) flush()
      else timer ??= setTimeout(flush, FLUSH_MS)
    },
    { flush: 'sync' },
  )
  flush()
  onScopeDispose(() => clearTimeout(timer))
  return segments
}
