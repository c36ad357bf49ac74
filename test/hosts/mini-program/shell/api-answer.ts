import type { AppProcess } from './app-process.js'

export interface ApiCallbacks {
  success?: (result: unknown) => void
  fail?: (result: unknown) => void
  complete?: (result: unknown) => void
}

/** Answers an API call the vendors' way: `success` or `fail`, then `complete`, in a later task. */
export function answer(
  process: AppProcess,
  callbacks: ApiCallbacks | undefined,
  outcome: 'success' | 'fail',
  result: object,
): void {
  process.deliver(() => {
    // A throw in the first must not swallow the second.
    try {
      callbacks?.[outcome]?.(result)
    } finally {
      callbacks?.complete?.(result)
    }
  })
}

/** An API method that always succeeds with what `act` gives. */
export function succeeding<Options extends object>(
  process: AppProcess,
  name: string,
  act: (options: Options) => object | undefined = () => undefined,
): (options?: Options & ApiCallbacks) => void {
  return (options) =>
    answer(process, options, 'success', { ...act(options ?? ({} as Options)), errMsg: `${name}:ok` })
}
