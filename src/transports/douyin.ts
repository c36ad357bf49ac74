import { ChannelError } from '../core/channel-error.js'
import { findHeader } from './find-header.js'
import { httpError } from './http-error.js'
import { muteable } from './mute.js'
import type { ResponseHead, Transport } from './transport.js'

/** What `tt.createEventSource` gives. The platform's own typings do not name it. */
interface DouyinEventSource {
  onOpen(listener: (head?: { header?: Record<string, unknown>; statusCode?: number }) => void): void
  onMessage(listener: (message: { data?: unknown; event?: unknown; lastEventId?: unknown }) => void): void
  onError(listener: (failure?: { statusCode?: number; errMsg?: string }) => void): void
  onClose?(listener: () => void): void
  close(): void
}

interface Douyin {
  createEventSource?(options: {
    url: string
    method: string
    header: Record<string, string>
    data?: string
    timeout: number
  }): DouyinEventSource
}

declare const tt: Douyin | undefined

/** See `uni-request`: the session keeps the limits that matter. */
const PLATFORM_TIMEOUT_MS = 60 * 60 * 1000

/**
 * Douyin's parsed event streams, with POST. No sight of heartbeats; the body of a refusal is lost, its status often too.
 */
export const douyinTransport: Transport = {
  name: 'douyin',

  isSupported: () => typeof tt === 'object' && typeof tt.createEventSource === 'function',

  accepts: (request) => request.protocol !== 'text',

  stream(request, target) {
    if (typeof tt !== 'object' || !tt.createEventSource) throw new ChannelError('NO_TRANSPORT')
    const { observer, mute } = muteable(target)
    const source = tt.createEventSource({
      url: request.url,
      method: request.method,
      header: { ...request.headers },
      ...(request.body !== undefined && { data: request.body }),
      timeout: PLATFORM_TIMEOUT_MS,
    })
    let opened = false

    function open(status: number | undefined, headers: Record<string, unknown> = {}) {
      if (opened) return
      opened = true
      observer.opened(headOf(status ?? NaN, headers))
    }

    // Closed before anything is told: it might connect again by itself, and a POST may be billed.
    function leave(report: () => void) {
      source.close()
      report()
    }

    source.onOpen((head) => open(head?.statusCode, head?.header))
    source.onMessage(({ data, event, lastEventId }) => {
      open(undefined)
      // The platform begins each connection without an id, though events go on carrying the last one.
      const id = lastEventId ? String(lastEventId) : (request.lastEventId ?? '')
      observer.event({ id, type: String(event || 'message'), data: String(data ?? '') })
    })
    source.onError((failure) =>
      leave(() => {
        const status = failure?.statusCode ?? 0
        if (status === 204) observer.finished()
        else if (status >= 400) observer.lost(httpError(headOf(status, {}), ''))
        else observer.lost(new ChannelError('CONNECTION_LOST', undefined, { cause: failure }))
      }),
    )
    source.onClose?.(() => leave(() => observer.ended()))
    return () => {
      mute()
      source.close()
    }
  },
}

function headOf(status: number, headers: Record<string, unknown>): ResponseHead {
  return { status, header: (name) => findHeader(headers, name) }
}
