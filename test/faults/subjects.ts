import { WebSocket } from 'ws'
import type { Clock } from '../../src/core/clock.js'
import { createAutoTransport } from '../../src/transports/auto.js'
import { douyinTransport } from '../../src/transports/douyin.js'
import { fetchTransport } from '../../src/transports/fetch.js'
import { longPollTransport } from '../../src/transports/long-poll.js'
import type { Transport } from '../../src/transports/transport.js'
import { uniRequestTransport } from '../../src/transports/uni-request.js'
import { webSocketTransport } from '../../src/transports/web-socket.js'
import { installDouyin } from '../helpers/douyin.js'
import { installUni } from '../helpers/uni-request.js'
import { installUniSocket } from '../helpers/uni-socket.js'
import { launchChromium } from '../hosts/chromium/launch-chromium.js'
import { runClient, type ClientRun, type ClientRunOptions } from './client-run.js'
import { appView, appViewPages } from './app-subjects.js'
import type { FaultPage } from './page.js'
import { randomScenario, type Scenario } from './scenario.js'

/** A client that runs against one origin at a time. */
export interface Runner {
  run(options: ClientRunOptions): Promise<ClientRun>
  close(): Promise<void>
}

/** A transport that goes through the suite. */
export interface Subject {
  readonly name: string
  /** Its file in src/transports. */
  readonly transport: string
  readonly readOnly: boolean
  /** Runs at once, each with a proxy of its own. */
  readonly lanes: number
  /** Connections that a start takes before its own. */
  readonly preflights: number
  /** `cuts`: every byte, then by chance; `chance`: what goes wrong in a random run is all there is. */
  readonly faults: 'cuts' | 'chance'
  /** @param bytes what an answer takes on the wire */
  readonly random: (seed: number, bytes: number) => Scenario
  /** @param origin of the proxy, where a browser's page comes from too */
  open(origin: string): Promise<Runner>
}

const LANES = 6

function here(
  name: string,
  make: (clock: Clock) => Transport,
  install: () => () => void = () => () => undefined,
) {
  return {
    name,
    transport: name.replace(/,.*/, ''),
    readOnly: false,
    lanes: LANES,
    preflights: 0,
    faults: 'cuts',
    random: randomScenario,
    open() {
      const undo = install()
      return Promise.resolve({
        run: (options: ClientRunOptions) => runClient(make, options),
        close: () => Promise.resolve(undo()),
      })
    },
  } satisfies Subject
}

const inChromium = (transport: string, readOnly = false): Subject => ({
  name: `${transport}, Chromium`,
  transport,
  readOnly,
  // Each lane is a browser.
  lanes: 1,
  preflights: 0,
  faults: 'cuts',
  random: randomScenario,
  async open(origin) {
    const browser = await launchChromium()
    const page = await browser.newPage(`${origin}/`)
    return {
      run: (options) =>
        page.evaluate(
          (...args: Parameters<FaultPage['run']>) =>
            (globalThis as typeof globalThis & { faultPage: FaultPage }).faultPage.run(...args),
          ...([transport, options] as Parameters<FaultPage['run']>),
        ),
      close: () => browser.close(),
    }
  },
})

function browserSocket(): () => void {
  const realm = globalThis as { WebSocket?: unknown }
  realm.WebSocket = WebSocket
  return () => {
    delete realm.WebSocket
  }
}

export const subjects: readonly Subject[] = [
  here('fetch', () => fetchTransport),
  here('uni-request', () => uniRequestTransport, installUni),
  here('web-socket', () => webSocketTransport, browserSocket),
  here(
    'web-socket, App',
    () => webSocketTransport,
    () => installUniSocket({ atLoss: 'error', ids: 'the clock' }),
  ),
  here('long-poll', () => longPollTransport),
  here('douyin', () => douyinTransport, installDouyin),
  here(
    'auto',
    (clock) =>
      createAutoTransport({
        order: [fetchTransport, webSocketTransport, longPollTransport],
        firstByteMs: 12_000,
        clock,
      }),
    browserSocket,
  ),
  inChromium('fetch'),
  inChromium('xhr'),
  inChromium('event-source', true),
  inChromium('web-socket'),
  inChromium('long-poll'),
  appView,
  appViewPages,
]
