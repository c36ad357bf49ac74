import { ChannelError } from './channel-error.js'
import type { ChannelEvent } from './channel-event.js'
import { createTextLines } from './text-lines.js'

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
  /**
   * The body ended in order. The standard drops an event without its blank line, since it may be cut; many servers end
   * with one all the same. It counts if it shows by itself that it is whole: `[DONE]`, or an object or list of JSON. Idempotent.
   */
  end(): void
}

/**
 * @param lastEventId the id that events without one carry: the spec's last event id buffer survives a reconnect.
 * @param maxEventChars how long the data of one event may be
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createSseReader(
  listener: SseListener,
  lastEventId = '',
  maxEventChars = MAX_EVENT_CHARS,
): SseReader {
  const lines = createTextLines()
  const event = createEventBuffer(listener, lastEventId)
  let tooLarge: ChannelError | undefined
  let isOver = false
  function refuse(): never {
    tooLarge = new ChannelError(
      'EVENT_TOO_LARGE',
      `The data of an event is longer than ${maxEventChars} characters.`,
    )
    throw tooLarge
  }
  return {
    feed(text) {
      if (tooLarge) throw tooLarge
      lines.feed(text, (line) => {
        holdAsMuch(line.length)
        event.take(line)
        if (event.dataChars > maxEventChars) refuse()
      })
      holdAsMuch(lines.pending.length)
    },
    end() {
      const { pending } = lines
      // Of an id, or a name, nothing says that it is whole.
      if (isOver || tooLarge) return
      isOver = true
      if (!/^(?:$|data:)/.test(pending)) return
      if (pending !== '') event.take(pending)
      event.end()
    },
  }

  /** The same of a line that is whole and of one that is not: the verdict must not depend on how the event is cut. */
  function holdAsMuch(lineChars: number) {
    if (event.dataChars + lineChars > maxEventChars + FRAMING_CHARS) refuse()
  }
}

/** What a line may hold besides data, in characters: names, blanks, an id. */
const FRAMING_CHARS = 64 * 1024

/** What the lines since the last blank one add up to. */
function createEventBuffer(listener: SseListener, lastEventId: string) {
  let id = lastEventId
  let idLines = 0
  let type = ''
  let data: string[] = []
  let chars = 0

  function dispatch() {
    const event = { id, type: type || 'message', data: data.join('\n') }
    const [hasId, hasData] = [idLines > 0, data.length > 0]
    idLines = 0
    type = ''
    data = []
    chars = 0
    // Only here: of an event that was cut off, the id must not be what a client resumes from.
    if (hasId) listener.id?.(id)
    if (hasData) listener.event(event)
  }

  function field(name: string, value: string) {
    if (name === 'data') {
      data.push(value)
      chars += value.length + 1
    } else if (name === 'event') type = value
    else if (name === 'id' && !value.includes('\0')) {
      id = value
      idLines++
    } else if (name === 'retry' && /^[0-9]+$/.test(value))
      listener.retry?.(Math.min(Number(value), Number.MAX_SAFE_INTEGER))
  }

  return {
    /** Of the event's data so far, its line breaks among them. */
    get dataChars() {
      return Math.max(0, chars - 1)
    },
    end() {
      // Where others have ids and this one has none yet, it may be the next line that was cut.
      if (isWhole(data.join('\n')) && (idLines > 0 || id === '')) dispatch()
      data = []
    },
    take(line: string) {
      if (line === '') return dispatch()
      const colon = line.indexOf(':')
      if (colon === 0) return listener.comment?.()
      if (colon < 0) return field(line, '')
      field(line.slice(0, colon), line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1))
    },
  }
}

const SPACE = 32

/** Does this data end where it has to? */
function isWhole(data: string): boolean {
  if (/^\s*\[DONE\]\s*$/.test(data)) return true
  if (!/^\s*[[{]/.test(data)) return false
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

/** The bytes of one event, as text. `data` may have line breaks of any kind; CR and LF become separate data lines. */
export function formatSse(event: ChannelEvent): string {
  let frame = ''
  if (event.type !== 'message') frame += `event: ${event.type}\n`
  if (event.id) frame += `id: ${event.id}\n`
  for (const line of event.data.split(/\r\n|\r|\n/)) frame += `data: ${line}\n`
  return frame + '\n'
}
