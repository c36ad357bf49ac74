import { forUni, forWeb } from '../core/built-for.js'
import { ChannelError, toChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import { openBrowserSocket } from './browser-socket.js'
import { httpError } from './http-error.js'
import { muteable } from './mute.js'
import { addQuery } from './route-url.js'
import type { Socket } from './socket.js'
import type { Transport, TransportObserver, TransportRequest } from './transport.js'
import { openUniSocket } from './uni-socket.js'

/** The server's frames. @see docs/protocol.md#websocket */
type Frame =
  | { readonly type: 'open'; readonly channelId: string }
  | { readonly type: 'events'; readonly events: readonly ChannelEvent[] }
  | { readonly type: 'retry'; readonly delayMs: number }
  | { readonly type: 'ping' | 'end' | 'finished' }
  | { readonly type: 'error'; readonly status: number; readonly retryAfter?: number }

const hasBrowserSocket = () => forWeb && typeof WebSocket === 'function'

/** WebSocket towards a server of docs/protocol.md: the browser's, or `uni.connectSocket`. */
export const webSocketTransport: Transport = {
  name: 'web-socket',

  isSupported: () =>
    hasBrowserSocket() || (forUni && typeof uni === 'object' && typeof uni.connectSocket === 'function'),

  accepts,

  stream(request, target) {
    if (!accepts(request))
      throw new ChannelError(
        'BAD_OPTIONS',
        'A WebSocket of a browser can send no headers, and only to channels.',
      )
    const { observer, mute } = muteable(target)
    const open = !forUni || hasBrowserSocket() ? openBrowserSocket : openUniSocket
    let connected = false
    let send: Socket['send'] = () => undefined
    const socket = open(addressOf(request), request.headers, {
      opened(socket) {
        connected = true
        send = socket.send
        if (request.body !== undefined) send(request.body)
      },
      message: (text) => read(text, observer, send),
      // Frames tell more than codes, but not every platform delivers the last one.
      closed(code, error = new ChannelError('CONNECTION_LOST')) {
        const status = code - 4000
        if (status >= 400 && status < 600) observer.lost(httpError({ status, header: () => undefined }, ''))
        else if (connected) observer.lost(error)
        else observer.unsent(error)
      },
    })
    return () => {
      mute()
      socket.close()
    }
  },
}

function read(text: string, observer: TransportObserver, send: (text: string) => void) {
  let frame: Frame
  try {
    frame = JSON.parse(text) as Frame
    if (typeof (frame as Partial<Frame> | null)?.type !== 'string') throw new TypeError('no frame')
    if (frame.type === 'events' && !frame.events.every(isEvent)) throw new TypeError('no events')
  } catch (thrown) {
    return observer.lost(toChannelError(thrown, 'BAD_EVENT'))
  }
  switch (frame.type) {
    case 'open': {
      const { channelId } = frame
      const header = (name: string) => (name === 'x-channel-id' ? channelId : undefined)
      return observer.opened({ status: 200, header })
    }
    case 'events':
      for (const event of frame.events) observer.event(event)
      return
    case 'retry':
      return observer.retry(frame.delayMs)
    case 'ping':
      send('{"type":"pong"}')
      return observer.activity()
    case 'finished':
      return observer.finished()
    case 'end':
      return observer.ended()
    case 'error': {
      const { status, retryAfter } = frame
      const header = (name: string) =>
        name === 'retry-after' && retryAfter !== undefined ? String(retryAfter) : undefined
      return observer.lost(httpError({ status, header }, text))
    }
    default:
      // Of a newer server: somebody is there.
      return observer.activity()
  }
}

const isEvent = (value: Partial<ChannelEvent> | null) =>
  typeof value?.id === 'string' && typeof value.type === 'string' && typeof value.data === 'string'

/** A browser's socket sends no headers but its cookies. */
function accepts({ headers, protocol = 'channel' }: TransportRequest): boolean {
  if (protocol !== 'channel') return false
  return !hasBrowserSocket() || !Object.keys(headers).some((name) => !translated.has(name.toLowerCase()))
}

/** Headers that the address carries, or that a socket has no use for. */
const translated: ReadonlySet<string> = new Set(['accept', 'content-type', 'x-channel-id'])

function addressOf({ url, headers, lastEventId }: TransportRequest): string {
  const proposed = headers['x-channel-id']
  const absolute = !forWeb || /^https?:/i.test(url) ? url : new URL(url, location.href).href
  return addQuery(absolute.replace(/^http/i, 'ws'), {
    ...(proposed !== undefined && { 'x-channel-id': proposed }),
    ...(lastEventId !== undefined && { lastEventId }),
  })
}
