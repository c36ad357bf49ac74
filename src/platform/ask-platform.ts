import { isThenable } from './quietly.js'

/** What a call into the platform takes. */
export interface Callbacks<Told> {
  success(told?: Told): void
  fail(reason?: unknown): void
}

/**
 * A question to the platform that is answered once: by a callback, which may come with nothing in hand.
 * @returns what it told; rejected with what it failed with, threw, or made of it an interceptor of the app
 */
export function askPlatform<Told>(call: (callbacks: Callbacks<Told>) => unknown): Promise<Told | undefined> {
  return new Promise((resolve, reject) => {
    // With callbacks the platform's own promise tells nothing; an interceptor's may be rejected.
    const given = call({ success: resolve, fail: reject })
    if (isThenable(given)) given.then(undefined, reject)
  })
}
