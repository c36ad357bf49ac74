import { customRef, type ShallowRef } from 'vue'

/** A ref of what `read` gives: read when somebody looks, and again only after it was told of a change. */
export interface LazyView<T> {
  readonly view: Readonly<ShallowRef<T>>
  changed(): void
}

/**
 * For lists that grow with each event. Whoever shows one needs a copy, since the same array handed on would not be seen
 * to change; a channel that copied on its own would pay for a list that nobody looks at with the square of its length.
 */
export function lazyView<T>(read: () => T): LazyView<T> {
  let known: { readonly value: T } | undefined
  let trigger: () => void = () => undefined
  // No computed: that would stop with the page that happened to make the channel.
  const view = customRef<T>((track, onChange) => {
    trigger = onChange
    return {
      get() {
        track()
        known ??= { value: read() }
        return known.value
      },
      set: () => undefined,
    }
  })
  return {
    view: view as Readonly<ShallowRef<T>>,
    changed() {
      known = undefined
      trigger()
    },
  }
}
