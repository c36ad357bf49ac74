// Runs inside Chromium: the same recordings as in Node, kept in the page and asked for from outside.
import { eventSourceTransport } from '../../../src/transports/event-source.js'
import { fetchTransport } from '../../../src/transports/fetch.js'
import { longPollTransport } from '../../../src/transports/long-poll.js'
import type { TransportRequest } from '../../../src/transports/transport.js'
import { webSocketTransport } from '../../../src/transports/web-socket.js'
import { xhrTransport } from '../../../src/transports/xhr.js'
import { recordStream, type Heard, type Recording } from '../record-stream.js'
import { runSession } from '../run-session.js'

const transports = [fetchTransport, xhrTransport, eventSourceTransport, webSocketTransport, longPollTransport]
const recordings: Recording[] = []

/** What a whole run over XMLHttpRequest came to. */
export interface XhrRun {
  readonly outcome: string
  readonly text: string
  /** Requests made. */
  readonly requests: number
  /** The longest `responseText` that one of them came to hold. */
  readonly longest: number
}

export interface PageApi {
  open(name: string, request: TransportRequest, hangUpAfter: number | undefined): number
  heard(index: number): Heard | undefined
  hangUp(index: number): void
  runOverXhr(base: string): Promise<XhrRun>
}

const api: PageApi = {
  open(name, request, hangUpAfter) {
    const transport = transports.find((candidate) => candidate.name === name)
    if (!transport?.isSupported()) throw new Error(`${name} is not supported here`)
    return recordings.push(recordStream(transport, request, hangUpAfter)) - 1
  },
  heard: (index) => recordings[index]?.heard,
  hangUp: (index) => recordings[index]?.hangUp(),
  async runOverXhr(base) {
    const held: number[] = []
    const Real = XMLHttpRequest
    globalThis.XMLHttpRequest = class extends Real {
      constructor() {
        super()
        const index = held.push(0) - 1
        // Before the transport's own handler, which may abort and so empty it.
        this.addEventListener('progress', () => (held[index] = this.responseText.length))
      }
    }
    const run = runSession({ base, transport: xhrTransport })
    const { outcome } = await run.over
    globalThis.XMLHttpRequest = Real
    return { outcome, text: run.text, requests: held.length, longest: Math.max(...held) }
  },
}

Object.assign(globalThis, { transportsApi: api })
