import { computed, type ComputedRef } from 'vue'

/**
 * A list that stays the same object as long as the same things are in it: what shows it does not render for each piece of
 * an answer that has nothing to do with them.
 */
export function stableList<Item>(read: () => readonly Item[]): ComputedRef<readonly Item[]> {
  let former: readonly Item[] = []
  return computed(() => {
    const now = read()
    const isSame = now.length === former.length && now.every((item, index) => item === former[index])
    if (!isSame) former = now
    return former
  })
}
