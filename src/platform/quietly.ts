/**
 * Makes a call into the platform whose failing changes nothing here: a throw and a rejection stay inside.
 * @returns what it gave; undefined after a throw
 */
export function quietly<T>(call: () => T): T | undefined {
  try {
    const given = call()
    // An app's interceptor that waits makes a promise of any call.
    if (isThenable(given)) given.then(undefined, () => undefined)
    return given
  } catch {
    return undefined
  }
}

interface Thenable {
  then(taken: ((value: unknown) => unknown) | undefined, failed: (thrown: unknown) => unknown): unknown
}

export const isThenable = (value: unknown): value is Thenable =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Thenable>).then === 'function'
