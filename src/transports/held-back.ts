import type { Clock } from '../core/clock.js'
import { createSerialHangUp } from '../core/serial-hang-up.js'
import type { HangUp } from '../core/source.js'
import { longPollTransport } from './long-poll.js'
import { muteable } from './mute.js'
import { routeUrl } from './route-url.js'
import type { ResponseHead, TransportRequest } from './transport.js'

/** How often the server is asked at the most; the pause doubles each time. */
const MOST = 3

export interface HeldBackListener {
  /** The server has been reached. */
  reached(head: ResponseHead): void
  /** It has sent what the transport still has not given. Called once. */
  heldBack(): void
}

/**
 * Finds out whether something on the way holds an answer back: asks the server for the same events by a plain request,
 * which starts nothing. Once it has one, the transport is given a third of the patience to give it too.
 * @param patienceMs silence before the server is asked, in milliseconds
 */
export function watchHeldBack(
  request: TransportRequest,
  patienceMs: number,
  clock: Clock,
  listener: HeldBackListener,
): HangUp {
  const read = toRead(request)
  if (!read || !longPollTransport.isSupported()) return () => undefined
  const line = createSerialHangUp()
  let timer = clock.setTimeout(() => ask(read, 1), patienceMs)

  function ask(asked: TransportRequest, times: number) {
    const { observer, mute } = muteable({
      opened: (head) => listener.reached(head),
      event: found,
      finished: found,
      activity: () => undefined,
      retry: () => undefined,
      ended: found,
      lost() {
        // The start may still be on its way there.
        if (times < MOST) timer = clock.setTimeout(() => ask(asked, times + 1), patienceMs * 2 ** times)
      },
    })
    line.connect(() => {
      const stop = longPollTransport.stream(asked, observer)
      return () => {
        mute()
        stop()
      }
    })
    function found() {
      line.end()
      timer = clock.setTimeout(() => listener.heldBack(), patienceMs / 3)
    }
  }

  return () => {
    clock.clearTimeout(timer)
    line.end()
  }
}

/** The same channel as a read; undefined when that can't be told from the request. */
function toRead(request: TransportRequest): TransportRequest | undefined {
  const { method, url, headers, lastEventId, withCredentials, protocol = 'channel' } = request
  if (protocol !== 'channel') return undefined
  const {
    'x-channel-id': channelId,
    'content-type': _,
    ...others
  } = headers as Record<string, string> & {
    'x-channel-id'?: string
    'content-type'?: string
  }
  if (method === 'GET')
    return /\/stream(?=\?|$)/.test(url)
      ? { method, url, headers, withCredentials, ...at(lastEventId) }
      : undefined
  if (channelId === undefined) return undefined
  const address = routeUrl(url, `/${encodeURIComponent(channelId)}/stream`)
  return { method: 'GET', url: address, headers: others, withCredentials }
}

const at = (lastEventId: string | undefined) => (lastEventId === undefined ? {} : { lastEventId })
