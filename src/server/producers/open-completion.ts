import { ChannelError } from '../../core/channel-error.js'
import { createSseReader } from '../../core/sse.js'
import { createUtf8Decoder } from '../../core/utf8.js'

export interface Upstream {
  readonly url: string
  readonly apiKey: string
  readonly firstByteMs: number
  readonly idleMs: number
}

/** Of an answer that is an error, so much is kept for the log. */
const MAX_REASON_CHARS = 2_000

/**
 * The data of each event the endpoint answers with.
 * @throws {ChannelError} PRODUCER_ERROR, RATE_LIMITED; what `signal` was aborted with
 */
export async function* openCompletion(
  upstream: Upstream,
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const watchdog = createWatchdog(signal)
  try {
    watchdog.expect(upstream.firstByteMs)
    const response = await request(upstream, body, watchdog.signal)
    if (!response.ok) throw await refusal(response, upstream.apiKey)
    if (!response.body || !/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
      await response.body?.cancel()
      throw new ChannelError(
        'PRODUCER_ERROR',
        'The model answered with something that is not an event stream.',
      )
    }
    const decoder = createUtf8Decoder()
    let events: string[] = []
    const reader = createSseReader({ event: (event) => events.push(event.data) })
    const bytes = response.body.getReader()
    for (let piece = await bytes.read(); !piece.done; piece = await bytes.read()) {
      watchdog.expect(upstream.idleMs)
      reader.feed(decoder.decode(piece.value))
      const ready = events
      events = []
      yield* ready
      // While the consumer worked, the endpoint was not late.
      watchdog.expect(upstream.idleMs)
    }
  } catch (thrown) {
    if (signal.aborted) throw signal.reason
    if (watchdog.signal.aborted)
      throw new ChannelError('PRODUCER_ERROR', 'The model took too long to answer.')
    if (thrown instanceof ChannelError) throw thrown
    throw new ChannelError('PRODUCER_ERROR', 'The connection to the model broke.', { cause: thrown })
  } finally {
    watchdog.close()
  }
}

async function request(upstream: Upstream, body: Readonly<Record<string, unknown>>, signal: AbortSignal) {
  try {
    return await fetch(upstream.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(upstream.apiKey && { authorization: `Bearer ${upstream.apiKey}` }),
      },
      body: JSON.stringify(body),
      // The key goes to the address it was given for, not to where that points.
      redirect: 'error',
      signal,
    })
  } catch (cause) {
    throw new ChannelError('PRODUCER_ERROR', 'The model could not be reached.', { cause })
  }
}

async function refusal(response: Response, apiKey: string): Promise<ChannelError> {
  const said = await readSome(response)
  // Endpoints like to repeat the key they refuse.
  const cause = new Error(`${response.status} ${apiKey ? said.split(apiKey).join('***') : said}`)
  if (response.status === 429) {
    return new ChannelError('RATE_LIMITED', 'The model has too many requests. Try again later.', { cause })
  }
  return new ChannelError('PRODUCER_ERROR', `The model refused the request (${response.status}).`, { cause })
}

async function readSome(response: Response): Promise<string> {
  const decoder = createUtf8Decoder()
  const bytes = response.body?.getReader()
  let text = ''
  while (bytes && text.length < MAX_REASON_CHARS) {
    const piece = await bytes.read()
    if (piece.done) break
    text += decoder.decode(piece.value)
  }
  return text.slice(0, MAX_REASON_CHARS)
}

/** A signal that also aborts when something expected does not come in time. `close` in the end: it cuts what is left. */
function createWatchdog(signal: AbortSignal) {
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const forward = () => abort.abort()
  if (signal.aborted) forward()
  signal.addEventListener('abort', forward)
  return {
    signal: abort.signal,
    expect(withinMs: number) {
      clearTimeout(timer)
      if (withinMs !== Infinity) timer = setTimeout(forward, withinMs)
    },
    close() {
      clearTimeout(timer)
      signal.removeEventListener('abort', forward)
      abort.abort()
    },
  }
}
