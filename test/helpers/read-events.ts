import type { ChannelEvent } from '../../src/core/channel-event.js'
import { createSseReader } from '../../src/core/sse.js'

export interface SseAnswer {
  readonly status: number
  readonly headers: Headers
  /** What had arrived when reading ended. */
  readonly events: readonly ChannelEvent[]
  readonly comments: number
  readonly retryMs: number | undefined
  /** `complete`: the server ended the body. `cut`: the connection broke, or `until` said so. */
  readonly ending: 'complete' | 'cut'
}

/** Fetches an event stream and reads it to its end, to a break, or until `until` is true after an event. */
export async function readEvents(
  url: string,
  init: RequestInit = {},
  until: (events: readonly ChannelEvent[]) => boolean = () => false,
): Promise<SseAnswer> {
  const abort = new AbortController()
  const response = await fetch(url, { ...init, signal: abort.signal })
  const events: ChannelEvent[] = []
  let comments = 0
  let retryMs: number | undefined
  let ending: SseAnswer['ending'] = 'complete'
  const enough = () => until(events)
  const reader = createSseReader({
    // Events that came in the same piece after the last wanted one do not count.
    event: (event) => void (enough() || events.push(event)),
    comment: () => void comments++,
    retry: (delayMs) => void (retryMs = delayMs),
  })
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      reader.feed(decoder.decode(chunk, { stream: true }))
      if (enough()) {
        abort.abort()
        break
      }
    }
    if (enough()) ending = 'cut'
  } catch {
    ending = 'cut'
  }
  return { status: response.status, headers: response.headers, events, comments, retryMs, ending }
}

/** A POST of JSON. */
export const posting = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** The text of a UI message stream. */
export function textOf(events: readonly ChannelEvent[]): string {
  return events
    .filter((event) => event.data !== '[DONE]')
    .map((event) => JSON.parse(event.data) as { type: string; delta?: string })
    .filter((chunk) => chunk.type === 'text-delta')
    .map((chunk) => chunk.delta)
    .join('')
}
