// Runs inside Chromium.
import { eventSourceTransport } from '../../src/transports/event-source.js'
import { fetchTransport } from '../../src/transports/fetch.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { xhrTransport } from '../../src/transports/xhr.js'
import { runClient, type ClientRun, type ClientRunOptions } from './client-run.js'

const transports = [fetchTransport, xhrTransport, eventSourceTransport, webSocketTransport, longPollTransport]

export interface FaultPage {
  run(transport: string, options: ClientRunOptions): Promise<ClientRun>
}

const api: FaultPage = {
  run(name, options) {
    const transport = transports.find((candidate) => candidate.name === name)
    if (!transport) throw new Error(`no transport ${name}`)
    return runClient(() => transport, options)
  },
}

Object.assign(globalThis, { faultPage: api })
