import type { ChannelEvent } from '../../src/core/channel-event.js'
import type { HangUp } from '../../src/core/source.js'
import type { Transport, TransportRequest } from '../../src/transports/transport.js'

/** What a transport told, as plain values: it may have run in a browser. */
export interface Heard {
  /** Names of the calls, in order. */
  readonly calls: string[]
  readonly events: ChannelEvent[]
  channelId: string | undefined
  retryMs: number | undefined
  error: { code: string; status: number | undefined; retryAfterMs: number | undefined } | undefined
}

export interface Recording {
  readonly heard: Heard
  readonly hangUp: HangUp
}

/** @param hangUpAfter hangs up inside the event of this number, 1 for the first */
export function recordStream(
  transport: Transport,
  request: TransportRequest,
  hangUpAfter = Infinity,
): Recording {
  const heard: Heard = { calls: [], events: [], channelId: undefined, retryMs: undefined, error: undefined }
  const hangUp = transport.stream(request, {
    opened(head) {
      heard.calls.push('opened')
      heard.channelId = head.header('x-channel-id')
    },
    event(event) {
      heard.calls.push('event')
      heard.events.push(event)
      if (heard.events.length === hangUpAfter) hangUp()
    },
    activity: () => heard.calls.push('activity'),
    retry(delayMs) {
      heard.calls.push('retry')
      heard.retryMs = delayMs
    },
    finished: () => heard.calls.push('finished'),
    ended: () => heard.calls.push('ended'),
    lost({ code, status, retryAfterMs }) {
      heard.calls.push('lost')
      heard.error = { code, status, retryAfterMs }
    },
  })
  return { heard, hangUp }
}
