import { tryOnScopeDispose } from '@vueuse/core'
import { readonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { prefersReducedMotion } from '../platform/prefers-reduced-motion.js'
import { onVisibility } from '../platform/on-visibility.js'
import { graphemeFloor } from './grapheme-end.js'

/** What `useSmoothText()` takes. */
export interface UseSmoothTextOptions {
  /** More is expected. When it ends, everything is shown at once. Default true. */
  readonly isGrowing?: MaybeRefOrGetter<boolean>
  /** `false` passes the text through as it comes. Default true. */
  readonly enabled?: MaybeRefOrGetter<boolean>
  /** Milliseconds between two steps. Default 50. */
  readonly stepMs?: number
}

/** What has arrived is shown within this time, in milliseconds; the rest is the timer's own lateness. */
const LAG_MS = 800

/**
 * A text that comes in bursts, shown at an even pace and never inside of a character: an emoji at its end, say,
 * waits for what comes next, or for the end.
 * It is never more than a second behind, and catches up at once at the end, while hidden, when `enabled`
 * goes, and where the user asked for less motion. A text that does not continue is shown as it is.
 */
export function useSmoothText(
  text: MaybeRefOrGetter<string>,
  { isGrowing = true, enabled = true, stepMs = 50 }: UseSmoothTextOptions = {},
): Readonly<ShallowRef<string>> {
  const shown = shallowRef('')
  /** What arrived when, while it is not shown: each entry is due `LAG_MS` later. */
  let due: { readonly length: number; readonly atMs: number }[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function catchUp() {
    clearTimeout(timer)
    timer = undefined
    due = []
    const all = toValue(text)
    const from = all.startsWith(shown.value) ? shown.value.length : 0
    shown.value = isWhole() ? all : all.slice(0, graphemeFloor(all, from, all.length, true))
  }

  function step() {
    timer = undefined
    const all = toValue(text)
    const from = shown.value.length
    const now = Date.now()
    // The pace that brings each piece in time; the most pressing one sets it.
    let goal = from
    for (const { length, atMs } of due) {
      const steps = Math.max(1, Math.ceil((atMs - now) / stepMs))
      goal = Math.max(goal, from + Math.ceil((length - from) / steps))
    }
    const end = graphemeFloor(all, from, Math.min(goal, all.length), true)
    shown.value = all.slice(0, end)
    due = due.filter(({ length, atMs }) => length > end && (atMs > now || length < all.length))
    if (end < all.length && due.length === 0 && goal > end)
      due.push({ length: all.length, atMs: now + stepMs })
    // What is left may be a character that still goes on: the next piece, or the end, shows it.
    if (graphemeFloor(all, end, all.length, true) > end) timer = setTimeout(step, stepMs)
    else due = []
  }

  const isWhole = () => !toValue(enabled) || !toValue(isGrowing)
  const isDirect = () => isWhole() || prefersReducedMotion()

  watch(
    [() => toValue(text), () => toValue(isGrowing), () => toValue(enabled)],
    ([now]) => {
      if (isDirect() || hidden || !now.startsWith(shown.value)) return catchUp()
      if (now.length === shown.value.length) return
      due.push({ length: now.length, atMs: Date.now() + LAG_MS })
      timer ??= setTimeout(step, stepMs)
    },
    { flush: 'sync' },
  )
  let hidden = false
  const stopListening = onVisibility((visible) => {
    hidden = !visible
    if (hidden) catchUp()
  })
  catchUp()
  tryOnScopeDispose(() => {
    clearTimeout(timer)
    stopListening()
  })
  return readonly(shown) as Readonly<ShallowRef<string>>
}
