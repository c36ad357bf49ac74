import { ChannelError } from '../../core/channel-error.js'
import type { ChannelEvent } from '../../core/channel-event.js'
import { createSseReader } from '../../core/sse.js'
import { createUtf8Decoder } from '../../core/utf8.js'
import { failureWords } from '../../vendors/failure.js'
import type { Vendor } from '../../vendors/vendor.js'
import type { Watchdog } from './watchdog.js'

/** One request to a vendor, and how long it may take. */
export interface Upstream {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of a POST. */
  readonly body: unknown
  readonly framing: Vendor['framing']
  readonly firstByteMs: number
  readonly idleMs: number
  /** Takes keys out of what the vendor says. */
  readonly conceal: (text: string) => string
}

/** Of an answer that is an error, so much is kept for the log. */
const MAX_REASON_CHARS = 2_000
/** An answer in one piece of JSON may be this long. */
const MAX_WHOLE_CHARS = 4 * 1024 * 1024

/**
 * The events a vendor answers with. An event stream is read as one whatever its content type calls it; an answer that
 * is one piece of JSON is one event.
 * @throws {ChannelError} PRODUCER_ERROR, RATE_LIMITED; what `fetch` throws once the watchdog's signal is aborted
 */
export async function* askVendor(
  upstream: Upstream,
  watchdog: Watchdog,
): AsyncGenerator<ChannelEvent, void, undefined> {
  const { framing, firstByteMs, idleMs, conceal } = upstream
  watchdog.expect(firstByteMs)
  const response = await request(upstream, watchdog.signal)
  if (!response.ok) throw await refusal(response, conceal)
  const type = response.headers.get('content-type') ?? ''
  const bytes = response.body?.getReader()
  if (!bytes || /^text\/html\b/i.test(type)) {
    await bytes?.cancel()
    throw noStream(type)
  }
  const reader = /^text\/event-stream\b/i.test(type) || framing === 'sse' ? sseEvents() : textEvents()
  const decoder = createUtf8Decoder()
  for (let piece = await bytes.read(); !piece.done; piece = await bytes.read()) {
    watchdog.expect(idleMs)
    yield* reader.feed(decoder.decode(piece.value))
    // While the consumer worked, the endpoint was not late.
    watchdog.expect(idleMs)
  }
  yield* reader.feed(decoder.end())
  yield* reader.end()
  const rest = reader.rest()
  if (isJson(rest)) yield { id: '', type: 'message', data: rest }
  else if (rest.trim() !== '' && !reader.isStream) throw noStream(conceal(rest.slice(0, MAX_REASON_CHARS)))
}

interface Reader {
  feed(text: string): readonly ChannelEvent[]
  /** What the end of the body shows to be whole. */
  end(): readonly ChannelEvent[]
  /** Has anything of a stream been seen: an event, a heartbeat? */
  readonly isStream: boolean
  /** What came, where that was no stream. */
  rest(): string
}

function sseEvents(): Reader {
  const events: ChannelEvent[] = []
  let isStream = false
  let raw = ''
  const seen = () => (isStream = true)
  const reader = createSseReader({
    event(event) {
      seen()
      events.push(event)
    },
    comment: seen,
    retry: seen,
    id: seen,
  })
  function take() {
    if (isStream) raw = ''
    return events.splice(0)
  }
  return {
    get isStream() {
      return isStream
    },
    feed(text) {
      if (!isStream && raw.length < MAX_WHOLE_CHARS) raw += text
      reader.feed(text)
      return take()
    },
    end() {
      reader.end()
      return take()
    },
    rest: () => raw,
  }
}

/** Text in pieces: it is for the vendor's translator to find its lines. */
function textEvents(): Reader {
  return {
    isStream: true,
    feed: (text) => (text === '' ? [] : [{ id: '', type: 'message', data: text }]),
    end: () => [],
    rest: () => '',
  }
}

async function request({ method, url, headers, body, conceal }: Upstream, signal: AbortSignal) {
  try {
    return await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
      // The key goes to the address it was given for, not to where that points.
      redirect: 'error',
      signal,
    })
  } catch (thrown) {
    const cause = (thrown as { readonly cause?: unknown }).cause ?? thrown
    // A header that can't be sent is repeated in what is thrown, and it may be the key.
    throw new ChannelError('PRODUCER_ERROR', 'The model could not be reached.', {
      cause: new Error(conceal(String(cause))),
    })
  }
}

async function refusal(response: Response, conceal: (text: string) => string): Promise<ChannelError> {
  const said = await readSome(response)
  const cause = new Error(conceal(`${response.status} ${failureWords(said) || said}`))
  if (response.status === 429) {
    return new ChannelError('RATE_LIMITED', 'The model has too many requests. Try again later.', { cause })
  }
  return new ChannelError('PRODUCER_ERROR', `The model refused the request (${response.status}).`, { cause })
}

const noStream = (said: string) =>
  new ChannelError('PRODUCER_ERROR', 'The model answered with something that is not an event stream.', {
    cause: new Error(said),
  })

async function readSome(response: Response): Promise<string> {
  const decoder = createUtf8Decoder()
  const bytes = response.body?.getReader()
  let text = ''
  while (bytes && text.length < MAX_REASON_CHARS) {
    const piece = await bytes.read()
    if (piece.done) break
    text += decoder.decode(piece.value)
  }
  await bytes?.cancel()
  return text.slice(0, MAX_REASON_CHARS)
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
