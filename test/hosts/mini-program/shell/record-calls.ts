import type { ApiCall } from './native-shell.js'

type Method = (this: unknown, ...args: unknown[]) => unknown

/** The same API, with every call written down. */
export function recordCalls(api: Record<string, unknown>, calls: ApiCall[]): Record<string, unknown> {
  const recorded = Object.entries(api).map(([name, member]) => {
    if (typeof member !== 'function') return [name, member] as const
    const method: Method = function (...args) {
      calls.push({ name, argument: plainCopy(args[0]) })
      return (member as Method).apply(this, args)
    }
    return [name, method] as const
  })
  return Object.fromEntries(recorded)
}

function plainCopy(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null') as unknown
  } catch {
    return String(value)
  }
}
