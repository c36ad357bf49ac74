import { toChannelError, type ChannelError } from '../core/channel-error.js'
import { createSseReader, type SseReader } from '../core/sse.js'
import { createUtf8Decoder } from '../core/utf8.js'
import { httpError } from './http-error.js'
import type { Protocol, ResponseHead, TransportObserver } from './transport.js'

/** Turns an HTTP answer that arrives in pieces into events; shared by every transport that carries bytes. */
export interface ResponseReader {
  readonly hasHead: boolean
  /** @param status NaN where the platform does not tell it */
  head(status: number, headers: Readonly<Record<string, unknown>>): void
  /** A piece of the body. Without a head before it, the body itself has to tell what it is. */
  chunk(data: ArrayBuffer | Uint8Array | string): void
  /** The body ended in order. */
  end(): void
  fail(error: ChannelError): void
}

/** An answer that is no stream is read this far, in characters, for the error it may name. */
const MAX_REFUSAL = 16 * 1024

type State =
  | { readonly name: 'head' }
  | { readonly name: 'stream'; readonly head: ResponseHead; readonly body: SseReader; begun: boolean }
  | { readonly name: 'refusal'; readonly head: ResponseHead; body: string }
  | { readonly name: 'closed' }

export function createResponseReader(
  observer: TransportObserver,
  lastEventId = '',
  protocol: Protocol = 'channel',
): ResponseReader {
  const utf8 = createUtf8Decoder()
  let state: State = { name: 'head' }

  function head(status: number, headers: Readonly<Record<string, unknown>>) {
    if (state.name !== 'head') return
    const head: ResponseHead = { status, header: (name) => findHeader(headers, name) }
    if (status === 204) {
      state = { name: 'closed' }
      return observer.finished()
    }
    const type = head.header('content-type')
    // Some platforms hide status or headers. A stream that says nothing of itself is given the benefit of the doubt.
    const accepted = Number.isNaN(status) || (status >= 200 && status < 300)
    if (accepted && (type === undefined || streams[protocol].test(type))) return accept(head)
    state = { name: 'refusal', head, body: '' }
  }

  function accept(head: ResponseHead) {
    state = { name: 'stream', head, body: protocol === 'text' ? plainText : sseOf(), begun: false }
    observer.opened(head)
  }

  const sseOf = () =>
    createSseReader(
      {
        event: (event) => observer.event(event),
        comment: () => observer.activity(),
        retry: (delayMs) => observer.retry(delayMs),
      },
      lastEventId,
    )

  const plainText: SseReader = {
    feed(text) {
      if (text) observer.event({ id: '', type: 'message', data: text })
    },
  }

  function chunk(data: ArrayBuffer | Uint8Array | string) {
    const text =
      typeof data === 'string' ? data : utf8.decode(data instanceof Uint8Array ? data : new Uint8Array(data))
    if (state.name === 'head') {
      if (protocol !== 'text' && looksRefused(text)) refuse({ status: NaN, header: () => undefined })
      else head(NaN, {})
    }
    // Many gateways answer 200 and text/event-stream, and then an error in JSON.
    else if (state.name === 'stream' && !state.begun && protocol !== 'text' && looksRefused(text))
      refuse(state.head)
    if (state.name === 'stream') {
      state.begun = state.begun || /\S/.test(text)
      try {
        state.body.feed(text)
      } catch (thrown) {
        fail(toChannelError(thrown, 'BAD_EVENT'))
      }
    } else if (state.name === 'refusal' && state.body.length < MAX_REFUSAL) {
      state.body += text.slice(0, MAX_REFUSAL - state.body.length)
    }
  }

  function refuse(head: ResponseHead) {
    state = { name: 'refusal', head, body: '' }
  }

  function end() {
    const last = state
    state = { name: 'closed' }
    if (last.name === 'refusal') observer.lost(httpError(last.head, last.body))
    else if (last.name !== 'closed') observer.ended()
  }

  function fail(error: ChannelError) {
    const last = state
    state = { name: 'closed' }
    // A refusal whose body was cut is still a refusal.
    if (last.name === 'refusal') observer.lost(httpError(last.head, last.body))
    else if (last.name !== 'closed') observer.lost(error)
  }

  return {
    get hasHead() {
      return state.name !== 'head'
    },
    head,
    chunk,
    end,
    fail,
  }
}

const streams: Readonly<Record<Protocol, RegExp>> = {
  channel: /^text\/event-stream\b/i,
  // Servers that are not ours are read as they are: many send their events as plain text.
  sse: /^text\/(?:event-stream|plain)\b|^application\/(?:octet-stream|x-ndjson)\b/i,
  text: /^(?!text\/html\b|application\/(?:problem\+)?json\b)/i,
}

/** An event stream never begins with a brace or a tag; an error in JSON or HTML does. */
const looksRefused = (text: string) => /^\ufeff?\s*[{[<]/.test(text)

function findHeader(headers: Readonly<Record<string, unknown>>, name: string): string | undefined {
  for (const key of Object.keys(headers)) {
    if (key.toLowerCase() !== name) continue
    const value = headers[key]
    return Array.isArray(value) ? value.join(', ') : String(value)
  }
  return undefined
}
