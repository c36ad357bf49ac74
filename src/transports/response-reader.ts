import { bytesOf } from '../core/bytes-of.js'
import { toChannelError, type ChannelError } from '../core/channel-error.js'
import { createSseReader, type SseReader } from '../core/sse.js'
import { createUtf8Decoder } from '../core/utf8.js'
import { findHeader } from './find-header.js'
import { httpError } from './http-error.js'
import type { Protocol, ResponseHead, TransportObserver } from './transport.js'

/** Turns an HTTP answer that arrives in pieces into events; shared by every transport that carries bytes. */
export interface ResponseReader {
  /**
   * May be told more than once: what an earlier call left unknown is taken from a later one.
   * @param status NaN where the platform does not tell it
   */
  head(status: number, headers: Readonly<Record<string, unknown>>): void
  /** A piece of the body. Without a head before it, the body itself has to tell what it is. */
  chunk(data: ArrayBuffer | Uint8Array | string): void
  /** The body ended in order. */
  end(): void
  fail(error: ChannelError): void
}

/** An answer that is no stream is read this far, in characters, for the error it may name. */
const MAX_REFUSAL = 16 * 1024

/** A head nobody told us. */
const UNKNOWN: ResponseHead = { status: NaN, header: () => undefined }

/** What a body is by its type; a type that is missing says nothing. */
const streamTypes: Readonly<Record<Protocol, RegExp>> = {
  channel: /^text\/event-stream\b/i,
  // Servers that are not ours are read as they are: many call their event streams plain text.
  sse: /^text\/(?:event-stream|plain)\b|^application\/(?:octet-stream|x-ndjson)\b/i,
  text: /^(?!text\/html\b|application\/(?:problem\+)?json\b)/i,
}

type State =
  | { readonly name: 'head' }
  /** The head does not say what the body is: its first character will. */
  | { readonly name: 'unsure'; readonly head: ResponseHead; readonly before: string }
  /** Opened by its head. Its first character may still show that it is a refusal. */
  | { readonly name: 'opened'; readonly head: ResponseHead; readonly body: SseReader }
  | { readonly name: 'stream'; readonly head: ResponseHead; readonly body: SseReader }
  | { readonly name: 'refusal'; readonly head: ResponseHead; readonly body: string }
  | { readonly name: 'closed' }

/** Words that are no line of an event stream, and no cut beginning of one: a gateway's error under a stream's head. */
const isProse = (body: string) => body.trim().length > 5 && !/^\ufeff?(data|event|id|retry)?:/m.test(body)

export function createResponseReader(
  observer: TransportObserver,
  lastEventId = '',
  protocol: Protocol = 'channel',
): ResponseReader {
  const utf8 = createUtf8Decoder()
  let state: State = { name: 'head' }
  /** The piece in hand has told something. */
  let told = false
  /** The body as long as nothing of it told anything: it may still be no stream, whatever its head says. */
  let unread: string | undefined = protocol === 'text' ? undefined : ''
  function note() {
    told = true
    unread = undefined
  }
  const noting: Body = {
    event(event) {
      note()
      observer.event(event)
    },
    activity() {
      note()
      observer.activity()
    },
    retry: (delayMs) => observer.retry(delayMs),
  }

  function head(status: number, headers: Readonly<Record<string, unknown>>) {
    const head: ResponseHead = { status, header: (name) => findHeader(headers, name) }
    if (state.name === 'refusal' && Number.isNaN(state.head.status)) state = { ...state, head }
    if (state.name !== 'head' && !(state.name === 'unsure' && Number.isNaN(state.head.status))) return
    if (status === 204) {
      state = { name: 'closed' }
      return observer.finished()
    }
    const type = head.header('content-type')
    const before = state.name === 'unsure' ? state.before : ''
    // Some platforms hide status or headers.
    const accepted = Number.isNaN(status) || (status >= 200 && status < 300)
    if (accepted && type === undefined) state = { name: 'unsure', head, before }
    else if (accepted && streamTypes[protocol].test(type ?? '')) open(head, before)
    else state = { name: 'refusal', head, body: before }
  }

  function open(head: ResponseHead, before: string) {
    const body = createBody(protocol, noting, lastEventId)
    state = { name: 'opened', head, body }
    observer.opened(head)
    feed(before)
  }

  function chunk(data: ArrayBuffer | Uint8Array | string) {
    const bytes = bytesOf(data)
    if (!bytes?.length) return
    const text = typeof bytes === 'string' ? bytes : utf8.decode(bytes)
    told = false
    if (state.name === 'head') state = { name: 'unsure', head: UNKNOWN, before: '' }
    if (state.name === 'refusal') state = { ...state, body: (state.body + text).slice(0, MAX_REFUSAL) }
    else if (state.name === 'unsure') judge(state.head, state.before + text)
    else feed(text)
    // Blank lines, or a piece of a long event: a byte is a sign of life.
    if (!told && isOpen()) observer.activity()
  }

  const isOpen = () => state.name === 'opened' || state.name === 'stream'

  function judge(head: ResponseHead, body: string) {
    const first = firstOf(body)
    if (first === undefined && protocol !== 'text') state = { name: 'unsure', head, before: body }
    else if (isRefusal(first)) state = { name: 'refusal', head, body: body.slice(0, MAX_REFUSAL) }
    else open(head, body)
  }

  function feed(text: string) {
    if (state.name === 'opened') {
      const { head, body } = state
      const first = firstOf(text)
      // Many gateways answer 200 and text/event-stream, and then an error in JSON.
      if (isRefusal(first)) state = { name: 'refusal', head, body: text.slice(0, MAX_REFUSAL) }
      else if (first !== undefined) state = { name: 'stream', head, body }
    }
    if (state.name !== 'opened' && state.name !== 'stream') return
    if (unread !== undefined && unread.length < MAX_REFUSAL) unread += text.slice(0, MAX_REFUSAL)
    try {
      state.body.feed(text)
    } catch (thrown) {
      fail(toChannelError(thrown, 'BAD_EVENT'))
    }
  }

  // An event stream never begins with a brace or a tag; an error in JSON or HTML does.
  const isRefusal = (first: string | undefined) =>
    protocol !== 'text' && first !== undefined && /[{[<]/.test(first)

  function end() {
    if (state.name === 'unsure') open(state.head, state.before)
    const last = state
    if (last.name === 'opened' || last.name === 'stream') last.body.end()
    state = { name: 'closed' }
    if (last.name === 'refusal') observer.lost(httpError(last.head, last.body))
    else if (last.name === 'stream' && unread && isProse(unread)) observer.lost(httpError(last.head, unread))
    else if (last.name !== 'closed') observer.ended()
  }

  function fail(error: ChannelError) {
    const last = state
    state = { name: 'closed' }
    if (last.name === 'closed') return
    if (last.name !== 'refusal') return observer.lost(error)
    // A refusal whose body was cut is still a refusal. But an unknown channel is worth asking for again: the body says
    // whether its start can be sent once more.
    const refusal = httpError(last.head, last.body)
    const isWhole = refusal.code !== 'CHANNEL_NOT_FOUND' || last.body.trim().endsWith('}')
    observer.lost(isWhole ? refusal : error)
  }

  return { head, chunk, end, fail }
}

const firstOf = (text: string): string | undefined => /\S/.exec(text)?.[0]

type Body = Pick<TransportObserver, 'event' | 'activity' | 'retry'>

function createBody(protocol: Protocol, { event, activity, retry }: Body, lastEventId: string): SseReader {
  if (protocol !== 'text') return createSseReader({ event, comment: activity, retry }, lastEventId)
  return {
    feed(text) {
      if (text !== '') event({ id: '', type: 'message', data: text })
    },
    end: () => undefined,
  }
}
