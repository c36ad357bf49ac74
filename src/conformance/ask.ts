import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { ChannelEvent } from '../core/channel-event.js'
import { createSseReader } from '../core/sse.js'

export interface Question {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Time for the whole answer, in milliseconds. */
  readonly timeoutMs: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Of an event stream; of the last reading. */
  readonly events: readonly ChannelEvent[]
  /** Of any other answer. */
  readonly text: string
  /** Why the answer could not be read to where it should, as a sentence. */
  readonly broken: string | undefined
}

/** An answer whose head has come. */
export interface Open {
  readonly status: number
  /** Reads so many events more, or to the end. Never rejects. */
  read(until: number | 'end'): Promise<Answer>
  hangUp(): void
}

/** An answer of a model is a hundredth of it. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Sends one request over a connection of its own, and follows no redirect: a server is held against what its own
 * address says, and credentials go nowhere else.
 * @throws {Error} no head came
 */
export function ask(question: Question): Promise<Open> {
  const { method, url, headers, body, timeoutMs } = question
  // Taken apart by hand: `URL` would tidy up paths that are odd on purpose.
  const [, origin = '', path = '/'] = /^(https?:\/\/[^/?#]+)(.*)$/i.exec(url) ?? []
  const { protocol, hostname, port } = new URL(origin)
  const send = protocol === 'https:' ? httpsRequest : httpRequest
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const request = send({
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      method,
      agent: false,
      headers: { ...headers, ...length },
    })
    const late = setTimeout(
      () => request.destroy(new Error(`it took longer than ${timeoutMs / 1000} s`)),
      timeoutMs,
    )
    // Stays: a server that refuses a body may cut the connection while it is being sent, after it has answered.
    request.on('error', reject)
    request.on('close', () => clearTimeout(late))
    request.on('response', (response) => resolve(openAnswer(response, () => request.destroy())))
    request.end(body)
  })
}

function openAnswer(response: IncomingMessage, hangUp: () => void): Open {
  const { statusCode: status = 0, headers } = response
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const isStream = /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
  const waiting: ChannelEvent[] = []
  const sse = createSseReader({ event: (event) => void waiting.push(event) })
  let text = ''
  let bytes = 0
  let state: 'open' | 'ended' | { readonly broken: string } = 'open'

  async function readChunk(): Promise<typeof state> {
    try {
      const { done, value } = await chunks.next()
      if (done) return 'ended'
      bytes += value.length
      if (bytes > MAX_BYTES) return { broken: `The answer is longer than ${MAX_BYTES} bytes.` }
      const piece = decoder.decode(value, { stream: true })
      if (isStream) sse.feed(piece)
      else text += piece
      return 'open'
    } catch (error) {
      return { broken: `The answer broke off: ${error instanceof Error ? error.message : String(error)}.` }
    }
  }

  return {
    status,
    hangUp,
    async read(until) {
      while (state === 'open' && (until === 'end' || waiting.length < until)) state = await readChunk()
      const events = waiting.splice(0, until === 'end' ? waiting.length : until)
      const short = until !== 'end' && events.length < until
      const broken =
        typeof state === 'object'
          ? state.broken
          : short
            ? `The stream ended after ${events.length} events, where ${until} or more were to come.`
            : undefined
      return { status, headers, events, text, broken }
    },
  }
}
