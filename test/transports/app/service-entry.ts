// Runs in the service layer of the App host: recordings are kept there and asked for from outside.
import { appViewTransport } from '../../../src/transports/app-view.js'
import type { Transport, TransportRequest } from '../../../src/transports/transport.js'
import { recordStream, type Recording } from '../record-stream.js'

const recordings: Recording[] = []
/** Messages of lost connections, by recording. */
const reasons: string[] = []

function open(request: TransportRequest, hangUpAfter?: number): number {
  const index = recordings.length
  const transport: Transport = {
    ...appViewTransport,
    stream: (asked, observer) =>
      appViewTransport.stream(asked, {
        ...observer,
        lost(error) {
          reasons[index] = error.message
          observer.lost(error)
        },
      }),
  }
  return recordings.push(recordStream(transport, request, hangUpAfter)) - 1
}

Object.assign(globalThis, {
  open,
  isSupported: () => appViewTransport.isSupported(),
  heard: (index: number) => recordings[index]?.heard,
  reason: (index: number) => reasons[index] ?? '',
  hangUp: (index: number) => recordings[index]?.hangUp(),
})
