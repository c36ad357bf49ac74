import { ChannelError, type Transport } from 'uni-sse-channel'

/** What was seen of a transport at work. */
export interface Watched {
  readonly transport: Transport
  /** The ids of the events, in the order in which they came. */
  readonly ids: readonly string[]
  /** When they came: milliseconds since the first connection. */
  readonly times: readonly number[]
  /** Connections so far. */
  readonly dials: number
  /** Ends the connection as a lost network does. */
  cut(): void
}

/** A transport that can be looked at, and cut. */
export function watchTransport(inner: Transport): Watched {
  const ids: string[] = []
  const times: number[] = []
  let dials = 0
  let began = 0
  let cut: () => void = () => undefined
  return {
    ids,
    times,
    get dials() {
      return dials
    },
    cut: () => cut(),
    transport: {
      ...inner,
      stream(request, observer) {
        if (dials++ === 0) began = Date.now()
        let isOver = false
        const hangUp = inner.stream(request, {
          ...observer,
          event(event) {
            if (isOver) return
            ids.push(event.id)
            times.push(Date.now() - began)
            observer.event(event)
          },
        })
        cut = () => {
          if (isOver) return
          isOver = true
          hangUp()
          observer.lost(new ChannelError('CONNECTION_LOST'))
        }
        return hangUp
      },
    },
  }
}
