import type { ProtocolParams } from './devtools-connection.js'

/** A function that runs in the page, or an expression as text. Functions can't see the test's variables: pass arguments. */
export type PageFunction<Arguments extends unknown[], Result> =
  ((...args: Arguments) => Result | Promise<Result>) | string

/** The JavaScript text that runs `target` with JSON copies of `args` in a page. */
export function toExpression(target: PageFunction<never[], unknown>, args: unknown[]): string {
  if (typeof target === 'string') return target
  const list = args.map((arg) => (arg === undefined ? 'undefined' : JSON.stringify(arg))).join(', ')
  // Some TypeScript loaders wrap inner functions in a `__name` helper that the page does not have.
  return `((__name) => (${target.toString()})(${list}))((value) => value)`
}

/**
 * The value of a `Runtime.evaluate` answer.
 * @throws {Error} what the page threw, with the page's stack
 */
export function toValue(answer: ProtocolParams): unknown {
  const details = answer['exceptionDetails'] as ExceptionDetails | undefined
  if (details) throw new Error(describeException(details))
  return (answer['result'] as { value?: unknown }).value
}

export interface ExceptionDetails {
  text: string
  exception?: { description?: string; value?: unknown }
}

export function describeException({ text, exception }: ExceptionDetails): string {
  return exception?.description ?? (exception ? `${text} ${JSON.stringify(exception.value)}` : text)
}
