import { watchEffect } from 'vue'

/**
 * Runs it so that no effect of Vue's comes to depend on what it reads: an action that is called in a `watchEffect`, and
 * the options' getters that it asks, would run that effect again. An effect that is stopped at once takes the
 * dependencies; Vue exports nothing plainer.
 */
export function untracked<T>(run: () => T): T {
  let result: { readonly value: T } | { readonly thrown: unknown } | undefined
  const stop = watchEffect(
    () => {
      // Once: what it changes itself must not call it again.
      if (result) return
      try {
        result = { value: run() }
      } catch (thrown) {
        result = { thrown }
      }
    },
    { flush: 'sync' },
  )
  stop()
  if (result && 'value' in result) return result.value
  throw result?.thrown
}

/** The function, and nothing that it reads is tracked. */
export const untrackedly =
  <Args extends unknown[], T>(action: (...args: Args) => T): ((...args: Args) => T) =>
  (...args) =>
    untracked(() => action(...args))
