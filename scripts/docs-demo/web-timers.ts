interface Options {
  readonly signal?: AbortSignal
}

/** In the place of `setTimeout` of `node:timers/promises`. */
export const setTimeout = <Value>(delayMs: number, value?: Value, { signal }: Options = {}) =>
  new Promise<Value | undefined>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const timer = globalThis.setTimeout(() => resolve(value), delayMs)
    signal?.addEventListener('abort', () => {
      globalThis.clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
