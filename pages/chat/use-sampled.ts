import { onUnmounted, shallowRef, watch, type ShallowRef } from 'vue'

/**
 * What `read` gives, taken again `everyMs` milliseconds after it changed. What changes with every event of a stream costs a
 * render and a message to the view each time; readers need no more than this.
 */
export function useSampled<Value>(read: () => Value, everyMs = 2000): Readonly<ShallowRef<Value>> {
  const taken = shallowRef(read())
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(read, () => {
    timer ??= setTimeout(() => {
      timer = undefined
      taken.value = read()
    }, everyMs)
  })
  onUnmounted(() => clearTimeout(timer))
  return taken
}
