export interface ConsoleMessage {
  type: 'debug' | 'log' | 'info' | 'warn' | 'error'
  text: string
}

/** A console that keeps what is printed instead of mixing it into the test's output. */
export function recordConsole(
  messages: ConsoleMessage[],
): Record<ConsoleMessage['type'], (...args: unknown[]) => void> {
  const record =
    (type: ConsoleMessage['type']) =>
    (...args: unknown[]) => {
      messages.push({ type, text: args.map(describe).join(' ') })
    }
  return {
    debug: record('debug'),
    log: record('log'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
  }
}

function describe(value: unknown): string {
  if (value instanceof Error) return value.stack ?? String(value)
  if (typeof value !== 'object') return String(value)
  try {
    return JSON.stringify(value)
  } catch {
    return String(value)
  }
}
