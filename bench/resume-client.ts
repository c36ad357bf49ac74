// Runs in Chromium's page and in the App's service layer: one client that goes to the background and comes back.
import { appViewTransport } from '../src/transports/app-view.js'
import { eventSourceTransport } from '../src/transports/event-source.js'
import { fetchTransport } from '../src/transports/fetch.js'
import { longPollTransport } from '../src/transports/long-poll.js'
import { webSocketTransport } from '../src/transports/web-socket.js'
import { xhrTransport } from '../src/transports/xhr.js'
import { FakeLifecycle } from '../test/helpers/fake-lifecycle.js'
import { runSession, type SessionRun } from '../test/transports/run-session.js'

const transports = [
  fetchTransport,
  xhrTransport,
  eventSourceTransport,
  webSocketTransport,
  longPollTransport,
  appViewTransport,
]

let lifecycle: FakeLifecycle
let run: SessionRun | undefined
let shownAt = 0
let resumedMs = 0

/** As exact as the App's service layer can tell the time. */
const now = () => (typeof performance === 'object' ? performance.now() : Date.now())

export interface ResumeClient {
  begin(transport: string, base: string, channelId: string): void
  /** Whether the text so far ends like this. */
  hasRead(end: string): boolean
  hide(): void
  show(): void
  /** 0 until something new has come since the show. */
  resumedMs(): number
  leave(): void
}

const client: ResumeClient = {
  begin(name, base, channelId) {
    const transport = transports.find((candidate) => candidate.name === name)
    if (!transport?.isSupported()) throw new Error(`${name} is not supported here`)
    lifecycle = new FakeLifecycle()
    shownAt = resumedMs = 0
    const onEvent = () => {
      if (shownAt > 0 && resumedMs === 0) resumedMs = Math.max(now() - shownAt, Number.MIN_VALUE)
    }
    run = runSession({ base, transport, channelId, lifecycle, read: true, onEvent })
  },
  hasRead: (end) => run?.text.endsWith(end) === true,
  hide: () => lifecycle.tell('background'),
  show() {
    shownAt = now()
    lifecycle.tell('foreground')
  },
  resumedMs: () => resumedMs,
  leave: () => run?.session.leave(),
}

Object.assign(globalThis, client)
