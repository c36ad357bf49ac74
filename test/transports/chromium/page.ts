// Runs inside Chromium: the same recordings as in Node, kept in the page and asked for from outside.
import { eventSourceTransport } from '../../../src/transports/event-source.js'
import { fetchTransport } from '../../../src/transports/fetch.js'
import { longPollTransport } from '../../../src/transports/long-poll.js'
import type { TransportRequest } from '../../../src/transports/transport.js'
import { webSocketTransport } from '../../../src/transports/web-socket.js'
import { xhrTransport } from '../../../src/transports/xhr.js'
import { recordStream, type Heard, type Recording } from '../record-stream.js'

const transports = [fetchTransport, xhrTransport, eventSourceTransport, webSocketTransport, longPollTransport]
const recordings: Recording[] = []

export interface PageApi {
  open(name: string, request: TransportRequest, hangUpAfter: number | undefined): number
  heard(index: number): Heard | undefined
  hangUp(index: number): void
}

const api: PageApi = {
  open(name, request, hangUpAfter) {
    const transport = transports.find((candidate) => candidate.name === name)
    if (!transport?.isSupported()) throw new Error(`${name} is not supported here`)
    return recordings.push(recordStream(transport, request, hangUpAfter)) - 1
  },
  heard: (index) => recordings[index]?.heard,
  hangUp: (index) => recordings[index]?.hangUp(),
}

Object.assign(globalThis, { transportsApi: api })
