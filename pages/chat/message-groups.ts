import type { ChatMessage } from 'uni-sse-channel'
import { computed, type ComputedRef } from 'vue'

/** So many messages make a group. */
const GROUP = 10

/** Messages beside each other. */
export interface MessageGroup {
  /** Stays the same, whatever comes above it or below it. */
  readonly key: number
  /** The same list as before, if the same messages are in it. */
  readonly messages: readonly ChatMessage[]
  /** It is neither the first nor the last: nothing comes into it any more. */
  readonly isFull: boolean
  readonly isLast: boolean
}

const hasSame = (one: readonly ChatMessage[], other: readonly ChatMessage[]) =>
  one.length === other.length && one.every((message, index) => message === other[index])

/**
 * The messages that are shown, in groups. When one comes, only its group renders; and on H5 a group
 * that is far from what is in view leaves the page.
 *
 * @param messages those that are shown, the newest of `total`
 */
export function useMessageGroups(
  messages: () => readonly ChatMessage[],
  total: () => number,
): ComputedRef<readonly MessageGroup[]> {
  let former = new Map<number, MessageGroup>()
  return computed(() => {
    const shown = messages()
    const start = total() - shown.length
    const groups = new Map<number, MessageGroup>()
    for (let at = 0, end: number; at < shown.length; at = end) {
      const key = Math.floor((start + at) / GROUP)
      end = Math.min(shown.length, (key + 1) * GROUP - start)
      const now = shown.slice(at, end)
      const before = former.get(key)?.messages
      groups.set(key, {
        key,
        messages: before && hasSame(before, now) ? before : now,
        isFull: at > 0 && end < shown.length,
        isLast: end === shown.length,
      })
    }
    former = groups
    return [...groups.values()]
  })
}
