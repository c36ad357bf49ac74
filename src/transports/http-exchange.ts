import type { ChannelError } from '../core/channel-error.js'
import type { HangUp } from '../core/source.js'
import { muteable } from './mute.js'
import { createResponseReader } from './response-reader.js'
import { inUtf8 } from './route-url.js'
import type { Transport, TransportRequest } from './transport.js'

export interface ExchangeRequest extends Pick<TransportRequest, 'method' | 'url' | 'headers' | 'body'> {
  /** Sent as `last-event-id`, any characters but an empty id: in UTF-8 where the platform wants bytes. */
  readonly lastEventId?: string
  /** Cookies to other origins too. Default: to the page's own only. */
  readonly withCredentials?: boolean | undefined
}

/** What an HTTP exchange tells, in this order; nothing after `end` or `fail`. */
export interface ExchangeListener {
  /**
   * @param status NaN where the platform does not tell it
   * @param url where the answer came from, after redirects; undefined where the platform does not tell it
   */
  head(status: number, headers: Readonly<Record<string, unknown>>, url?: string): void
  /** A piece of the body. May come without a head where the platform tells none. */
  chunk(data: ArrayBuffer | Uint8Array | string): void
  /** The body ended in order. */
  end(): void
  fail(error: ChannelError): void
  /** See `TransportObserver.unsent`. */
  unsent?(error: ChannelError): void
  /** See `TransportObserver.whole`. */
  whole?(): void
}

/** One way to make an HTTP request and see its body while it arrives. */
export interface HttpExchange {
  readonly name: string
  isSupported(): boolean
  /** The listener may still be called after the hang-up: whoever passes it mutes it. */
  open(request: ExchangeRequest, listener: ExchangeListener): HangUp
}

/** The headers of a request for platforms whose header values are bytes, one a character. */
export function byteHeaders({ headers, lastEventId }: ExchangeRequest): Readonly<Record<string, string>> {
  if (lastEventId === undefined) return headers
  const bytes = inUtf8(lastEventId).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
  return { ...headers, 'last-event-id': bytes }
}

/** A transport that reads event streams over an exchange. */
export function httpTransport(exchange: HttpExchange): Transport {
  return {
    name: exchange.name,
    path: 'http-stream',
    isSupported: () => exchange.isSupported(),
    stream(request, target) {
      const { observer, mute } = muteable(target)
      const reader = createResponseReader(observer, request.lastEventId, request.protocol)
      const hangUp = exchange.open(request, {
        ...reader,
        whole: observer.whole,
        unsent: observer.unsent,
      })
      return () => {
        mute()
        hangUp()
      }
    },
  }
}
