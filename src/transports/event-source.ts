import { ChannelError } from '../core/channel-error.js'
import { holdTask } from '../platform/hold-task.js'
import { muteable } from './mute.js'
import { addQuery } from './route-url.js'
import type { ResponseHead, Transport, TransportRequest } from './transport.js'

/** Event names of the protocol; an EventSource hears only of names it was told. */
const EVENT_TYPES = ['message', 'end', 'gap'] as const

/**
 * The browser's own EventSource. It reads channels that exist: no POST, no headers, no status, no sight of heartbeats,
 * so a refusal looks like a lost connection and a silence of the idle limit is read on from the cursor.
 */
export const eventSourceTransport: Transport = {
  name: 'event-source',
  path: 'http-stream',

  isSupported: () => typeof EventSource === 'function',

  accepts,

  stream(request, target) {
    if (!accepts(request))
      throw new ChannelError('BAD_OPTIONS', 'EventSource can only GET, without headers of its own.')
    const { observer, mute } = muteable(target)
    const { lastEventId, url, withCredentials = false } = request
    const address = addQuery(url, { onGap: 'event', ...(lastEventId !== undefined && { lastEventId }) })

    function hear(source: EventSource) {
      source.onopen = () => observer.opened(unknownHead)
      for (const type of EVENT_TYPES)
        source.addEventListener(type, (event) => {
          const { data, lastEventId: id } = event as MessageEvent<string>
          observer.event({ id: type === 'gap' ? '' : id, type, data })
        })
      source.onerror = () => {
        // It would reconnect by itself, with its own idea of when and how often.
        source.close()
        observer.lost(new ChannelError('CONNECTION_LOST'))
      }
    }

    const task = holdTask<EventSource>({
      name: 'EventSource',
      endsBy: 'close',
      call: () => new EventSource(address, { withCredentials }),
      given(source) {
        if (source) hear(source)
        else observer.lost(new ChannelError('CONNECTION_LOST'))
      },
      failed: (error) => observer.lost(error),
    })
    task.begin()
    return () => {
      mute()
      task.end()
    }
  },
}

const unknownHead: ResponseHead = { status: NaN, header: () => undefined }

function accepts({ method, headers, protocol }: TransportRequest): boolean {
  return (
    method === 'GET' &&
    protocol !== 'text' &&
    Object.keys(headers).every((name) => name.toLowerCase() === 'accept')
  )
}
