import type { Case } from './case.js'

/** What ours and the platform's own have in common. */
interface AnySource {
  readonly readyState: number
  close(): void
  addEventListener(type: string, listener: (event: never) => void): void
}
export type Constructor = new (url: string, init?: { withCredentials?: boolean }) => AnySource

/** Long enough for a wrong reconnect or a late event to show, in milliseconds. */
const QUIET_MS = 150
const LIMIT_MS = 40_000

/**
 * Opens the address and writes down what is heard, until all that is expected came and then nothing more.
 * @param cut resets what the server is to reset: not before its message was heard, which a reset takes away else
 */
export function recordSource(
  Source: Constructor,
  url: string,
  { hears, types = [], act, withCredentials, answers }: Case,
  cut: () => void,
): Promise<string[]> {
  const isCut = answers.some(({ reset }) => reset)
  return new Promise((resolve) => {
    const heard: string[] = []
    const source = new Source(url, { withCredentials: withCredentials === true })
    const finish = () => {
      source.close()
      resolve(heard)
    }
    let timer = setTimeout(finish, LIMIT_MS)
    const note = (entry: string) => {
      heard.push(entry)
      act?.(entry, source)
      if (isCut && entry.startsWith('message')) cut()
      if (heard.length < hears.length) return
      clearTimeout(timer)
      timer = setTimeout(finish, QUIET_MS)
    }
    for (const type of new Set(['open', 'message', 'error', ...types]))
      source.addEventListener(type, (event: { type: string; data?: string; lastEventId?: string }) => {
        if (type === 'error') note(`error ${source.readyState}`)
        else if (event.data === undefined) note(type)
        else note(`${event.type} ${event.data}${event.lastEventId ? ` #${event.lastEventId}` : ''}`)
      })
  })
}
