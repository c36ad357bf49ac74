import { createParser } from 'eventsource-parser'
import { ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'

/** The data of one event may be this long, in characters. A server that never sends a blank line must not fill the memory. */
export const MAX_EVENT_CHARS = 4 * 1024 * 1024

export interface SseListener {
  event(event: ChannelEvent): void
  /** A comment: heartbeats come as these. */
  comment?(): void
  retry?(delayMs: number): void
  /** An `id:` line took effect, with or without data. */
  id?(id: string): void
}

/** Reads a WHATWG event stream that arrives in pieces. */
export interface SseReader {
  /** @throws {ChannelError} EVENT_TOO_LARGE */
  feed(text: string): void
}

/**
 * @param lastEventId the id that events without one carry: the spec's last event id buffer survives a reconnect.
 * @param maxEventChars how long one event may be
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createSseReader(
  listener: SseListener,
  lastEventId = '',
  maxEventChars = MAX_EVENT_CHARS,
): SseReader {
  let id = lastEventId
  let begun = false
  let tooLarge: ChannelError | undefined
  const parser = createParser({
    maxBufferSize: maxEventChars + Math.ceil(maxEventChars / FRAMING),
    onId(next) {
      id = next
      listener.id?.(next)
    },
    onEvent(event) {
      // One that came in one piece was never held by the parser.
      if (tooLarge || event.data.length > maxEventChars) return void (tooLarge ??= tooLong(maxEventChars))
      listener.event({ id, type: event.event || 'message', data: event.data })
    },
    onComment: () => listener.comment?.(),
    onRetry: (delayMs) => listener.retry?.(delayMs),
    onError(error) {
      // Unknown fields and invalid retry values are ignored, as the spec says.
      if (error.type === 'max-buffer-size-exceeded') tooLarge ??= tooLong(maxEventChars)
    },
  })
  return {
    feed(text) {
      if (!tooLarge && text !== '') parser.feed(begun ? text : withMark(text))
      begun ||= text !== ''
      if (tooLarge) throw tooLarge
    },
  }
}

/** The part of an event that lines and names may take besides its data: the verdict is by the data alone. */
const FRAMING = 64

const tooLong = (maxEventChars: number) =>
  new ChannelError('EVENT_TOO_LARGE', `An event is longer than ${maxEventChars} characters.`)

/**
 * With exactly one byte order mark, for the parser to strip. Of a text without one it would strip `ï»¿`, which is what
 * the mark's bytes look like undecoded, and what a text that was encoded twice begins with.
 */
const withMark = (text: string) => (text.startsWith('\ufeff') ? text : `\ufeff${text}`)

/** The bytes of one event, as text. `data` may have line breaks of any kind; CR and LF become separate data lines. */
export function formatSse(event: ChannelEvent): string {
  let frame = ''
  if (event.type !== 'message') frame += `event: ${event.type}\n`
  if (event.id) frame += `id: ${event.id}\n`
  for (const line of event.data.split(/\r\n|\r|\n/)) frame += `data: ${line}\n`
  return frame + '\n'
}
