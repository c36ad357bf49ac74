import type { HangUp } from '../core/source.js'
import { muteable } from '../transports/mute.js'
import { originOf } from '../transports/resolve-url.js'
import type { Transport } from '../transports/transport.js'
import { ACCEPT, type StreamListener, type StreamRequest } from './event-stream.js'

/** Where only parsed events can be seen: as near as the platform comes. */
export function overTransport(
  transport: Transport,
  { url, lastEventId, withCredentials }: StreamRequest,
  listener: StreamListener,
): HangUp {
  const origin = originOf(url)
  const { observer, mute } = muteable({
    opened: () => listener.opened(url),
    event({ id, type, data }) {
      listener.id(id)
      listener.event({ type, data, lastEventId: id, origin })
    },
    activity: () => undefined,
    retry: listener.retry,
    finished: listener.failed,
    ended: listener.lost,
    lost: (error) => (error.status === undefined ? listener.lost() : listener.failed()),
  })
  const hangUp = transport.stream(
    {
      method: 'GET',
      url,
      headers: ACCEPT,
      protocol: 'sse',
      withCredentials,
      ...(lastEventId !== '' && { lastEventId }),
    },
    observer,
  )
  return () => {
    mute()
    hangUp()
  }
}
