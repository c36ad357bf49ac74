import { forUni, forWeb } from '../core/built-for.js'
import { ChannelError, toChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import { createSerialHangUp } from '../core/serial-hang-up.js'
import { systemClock } from '../platform/system-clock.js'
import { httpError } from './http-error.js'
import { muteable } from './mute.js'
import { addQuery, routeUrl } from './route-url.js'
import { shortRequest, type Reply } from './short-request.js'
import type { Transport, TransportRequest } from './transport.js'

/** What a long poll is answered with. @see docs/protocol.md#long-poll */
interface PollBatch {
  readonly channelId: string
  readonly events: readonly ChannelEvent[]
  readonly cursor: string | null
  readonly ended: boolean
}

/** Below the idle limit, and below what proxies allow a silent request. */
const WAIT_MS = 20_000

/** The least time between two polls that bring nothing, in milliseconds: a server or proxy may not hold them at all. */
const PAUSE_MS = 1_000

/** Plain requests, one after the other: for platforms that deliver no body before it is complete. */
export const longPollTransport: Transport = {
  name: 'long-poll',

  isSupported: () =>
    (forWeb && typeof fetch === 'function') ||
    (forUni && typeof uni === 'object' && typeof uni.request === 'function'),

  accepts: ({ protocol = 'channel' }) => protocol === 'channel',

  stream(request, target) {
    if (!this.accepts?.(request)) throw new ChannelError('BAD_OPTIONS', 'Long polls work with channels only.')
    const { observer, mute } = muteable(target)
    const { withCredentials } = request
    const line = createSerialHangUp()
    let state: 'connecting' | 'open' | 'closed' = 'connecting'

    function ask(next: TransportRequest, take: (batch: PollBatch) => void) {
      line.connect(() =>
        shortRequest(next, {
          replied(reply) {
            if (state === 'closed') return
            const batch = readReply(reply)
            if (batch instanceof ChannelError) return observer.lost(batch)
            if (state === 'connecting') {
              state = 'open'
              observer.opened({ status: 200, header: (name) => reply.header(name) ?? own(name, batch) })
            }
            take(batch)
          },
          lost: (error) => observer.lost(error),
        }),
      )
    }

    // The first answers at once, so that the connection counts as open; the others are held until there is news.
    function poll(url: string, cursor: string | undefined, waitMs: number) {
      const query = { ...(cursor !== undefined && { lastEventId: cursor }), waitMs: String(waitMs) }
      const headers = { ...request.headers, accept: 'application/json' }
      const askedAt = systemClock.now()
      ask({ method: 'GET', url: addQuery(url, query), headers, withCredentials }, (batch) => {
        if (batch.events.length === 0) observer.activity()
        for (const event of batch.events) observer.event(event)
        if (state === 'closed') return
        const pollOn = () => poll(url, batch.cursor ?? cursor, WAIT_MS)
        const wasHeld = waitMs === 0 || systemClock.now() - askedAt >= PAUSE_MS
        if (!batch.ended && (batch.events.length > 0 || wasHeld)) return pollOn()
        if (!batch.ended)
          return line.connect(() => {
            const timer = systemClock.setTimeout(pollOn, PAUSE_MS)
            return () => systemClock.clearTimeout(timer)
          })
        if (batch.events.length === 0) observer.finished()
        else observer.ended()
      })
    }

    if (request.method === 'POST') {
      const headers = { ...request.headers, accept: 'application/json' }
      ask({ ...request, headers }, ({ channelId }) =>
        poll(routeUrl(request.url, `/${encodeURIComponent(channelId)}/events`), undefined, WAIT_MS),
      )
    } else poll(request.url.replace(/\/stream(?=\?|$)/, '/events'), request.lastEventId, 0)

    return () => {
      state = 'closed'
      mute()
      line.end()
    }
  },
}

const own = (name: string, batch: PollBatch) => (name === 'x-channel-id' ? batch.channelId : undefined)

function readReply(reply: Reply): PollBatch | ChannelError {
  const { status, body } = reply
  const refused = () => httpError(reply, body)
  if (status < 200 || status >= 300) return refused()
  try {
    const batch = JSON.parse(body) as PollBatch
    return typeof batch.channelId === 'string' && Array.isArray(batch.events) ? batch : refused()
  } catch (thrown) {
    return body.trim() === '' ? toChannelError(thrown, 'CONNECTION_LOST') : refused()
  }
}
