import { backoffMs, type BackoffPolicy } from '../core/backoff.js'
import { forUsers, withFallbacks } from '../core/built-for.js'
import { ChannelError, toChannelError } from '../core/channel-error.js'
import type { Clock } from '../core/clock.js'
import type { Observer, Source } from '../core/source.js'
import { tellDial } from '../development/tell-dial.js'
import { watchConnection } from '../development/watch-connection.js'
import { systemClock } from '../platform/system-clock.js'
import { autoTransport } from './auto.js'
import { checkHeaders } from './check-headers.js'
import { firstTransport } from './first-transport.js'
import { routeUrl } from './route-url.js'
import { send } from './send.js'
import { whenKnown } from './when-known.js'
import type { Protocol, ResponseHead, Transport, TransportRequest } from './transport.js'

export type RequestHeaders = Readonly<Record<string, string | undefined>>

/** A server that is asked over HTTP: where it is, what is sent with each request, and how. */
export interface HttpSourceOptions {
  /** The base of the routes: `https://example.com/api/chat`. Relative ones work on H5 only. Asked at each connection. */
  readonly url: string | (() => string)
  /**
   * Sent with every request, but for those that are undefined. A function is asked each time, so that a token may
   * change; what it promises is waited for, and nothing is sent before. If the promise is rejected it is asked again.
   */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>) | undefined
  /**
   * Cookies to other origins too, on start, read and stop: H5 and App. The server must name the page's origin and
   * allow credentials. Default: to the page's own origin only.
   */
  readonly withCredentials?: boolean | undefined
  /** Default: the first that exists on this platform. */
  readonly transport?: Transport | undefined
  /**
   * What the server speaks. Default `channel`: docs/protocol.md, and any server that answers a POST with an event
   * stream. `sse` sends no header of ours, takes event streams of other content types too, and never reads on or
   * says stop; `text` does the same with text that comes in pieces without framing, each an event.
   */
  readonly protocol?: Protocol
  readonly clock?: Clock
}

const STOP_ATTEMPTS = 5
const stopBackoff: BackoffPolicy = { baseMs: 300, capMs: 5_000 }

/**
 * A server over HTTP, best one that speaks docs/protocol.md.
 * The input of a start becomes the JSON body; a string becomes `{ prompt }`.
 * @throws {ChannelError} BAD_OPTIONS; what only a connection shows to be wrong ends that run with it, nothing sent
 */
export function httpSource(options: HttpSourceOptions): Source {
  const {
    transport = withFallbacks ? autoTransport : firstTransport,
    protocol = 'channel',
    clock = systemClock,
  } = options
  if (!forUsers) check(protocol, transport)

  type Own = Readonly<Record<string, string>>
  const ownHeaders = () => ask('headers', options.headers ?? {})
  const { withCredentials } = options

  function request(method: 'GET' | 'POST', path: string, own: unknown, headers: Own): TransportRequest {
    const { 'last-event-id': _, ...others } = checkHeaders(own)
    return {
      method,
      url: resolve(ask('url', options.url), path),
      headers: { ...others, ...headers },
      protocol,
      ...(withCredentials !== undefined && { withCredentials }),
    }
  }

  const accept = protocol === 'text' ? '*/*' : 'text/event-stream'

  function startOf(channelId: string, input: unknown, own: unknown): TransportRequest {
    const headers = {
      accept,
      // Other servers' CORS rules do not know it.
      ...(protocol === 'channel' && { 'x-channel-id': channelId }),
    }
    const start = request('POST', '', own, headers)
    const type = start.headers['content-type'] ?? ''
    // The application may say which JSON it is, as a charset or a vendor's kind, but not that it is none.
    const contentType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type) ? type : 'application/json'
    return { ...start, headers: { ...start.headers, 'content-type': contentType }, body: toBody(input) }
  }

  function readOf(channelId: string, cursor: string | undefined, own: unknown): TransportRequest {
    if (protocol !== 'channel')
      throw new ChannelError('NOTHING_TO_RESUME', 'A server of this protocol gives nothing a second time.')
    const read = request('GET', `/${encodeURIComponent(channelId)}/stream`, own, { accept })
    return { ...read, ...(cursor !== undefined && { lastEventId: cursor }) }
  }

  async function stop(channelId: string) {
    for (let attempt = 1; ; attempt++) {
      try {
        const own = await ownHeaders()
        return await send(request('POST', `/${encodeURIComponent(channelId)}/stop`, own, {}))
      } catch (thrown) {
        const error = toChannelError(thrown, 'STOP_FAILED')
        // The start may still be on its way, so an unknown channel is asked again; but in the end there is none.
        const unknown = error.code === 'CHANNEL_NOT_FOUND'
        if (attempt >= STOP_ATTEMPTS && unknown) return
        if (attempt >= STOP_ATTEMPTS || (!error.retryable && !unknown))
          throw new ChannelError('STOP_FAILED', undefined, { cause: error })
        const delayMs = backoffMs(attempt, stopBackoff, clock.random(), error.retryAfterMs)
        await new Promise<void>((resume) => clock.setTimeout(resume, delayMs))
      }
    }
  }

  return {
    connect(intent, observer) {
      const { channelId } = intent
      const open = (watched: Observer) => {
        const target = {
          ...watched,
          opened(head: ResponseHead) {
            const named = head.header('x-channel-id')
            // Browsers take a head that was cut for a whole one: the beginning of our id is no other id.
            const isCut = named !== undefined && channelId.startsWith(named)
            // A platform that shows no type shows no name either.
            const isHidden = head.header('content-type') === undefined
            watched.opened(named === undefined ? { isHidden } : { channelId: isCut ? channelId : named })
          },
        }
        return whenKnown(ownHeaders(), 'The headers', watched, (own) => {
          const request =
            intent.kind === 'start'
              ? startOf(channelId, intent.input, own)
              : readOf(channelId, intent.cursor, own)
          // Of several, the one that is chosen tells itself.
          if (!forUsers && transport.name !== 'auto') tellDial(transport.name, request)
          return transport.stream(request, target)
        })
      }
      if (forUsers) return open(observer)
      return watchConnection(() => ask('url', options.url), intent.kind !== 'start', observer, open)
    },
    canRead: (channelId) => protocol === 'channel' && channelId !== '',
    ...(protocol === 'channel' && { stop }),
  }
}

function check(protocol: unknown, transport: unknown) {
  if (!['channel', 'sse', 'text'].includes(protocol as string))
    throw new ChannelError(
      'BAD_OPTIONS',
      `protocol must be 'channel', 'sse' or 'text', got "${String(protocol)}".`,
    )
  if (typeof (transport as Partial<Transport> | null)?.stream !== 'function')
    throw new ChannelError('BAD_OPTIONS', 'transport must be a Transport, as fetchTransport.')
}

/** An application's getter that throws has kept the request from being sent: no connection was lost. */
function ask<T>(name: string, value: T | (() => T)): T {
  try {
    return typeof value === 'function' ? (value as () => T)() : value
  } catch (thrown) {
    throw new ChannelError('BAD_OPTIONS', `The getter of ${name} threw: ${String(thrown)}.`, {
      cause: thrown,
    })
  }
}

function resolve(base: string, path: string): string {
  if (typeof base !== 'string')
    throw new ChannelError('BAD_OPTIONS', `url must be a string, or a getter of one, got ${String(base)}.`)
  if (!/^https?:\/\//i.test(base) && typeof location === 'undefined')
    throw new ChannelError('BAD_OPTIONS', `url must begin with https:// on this platform, got "${base}".`)
  return routeUrl(base, path)
}

function toBody(input: unknown): string {
  const message = 'The input of start() must be JSON: no cycles, BigInt, functions or symbols.'
  let body: string | undefined
  try {
    body = JSON.stringify(typeof input === 'string' ? { prompt: input } : (input ?? {}))
  } catch (thrown) {
    throw new ChannelError('BAD_OPTIONS', message, { cause: thrown })
  }
  // What it says of a function, whatever its type says.
  if (body === undefined) throw new ChannelError('BAD_OPTIONS', message)
  return body
}
