import assert from 'node:assert/strict'
import { type CloudApp, type CloudPlatform } from './cloud-app.js'
import {
  type FailureRow,
  glance,
  glanceUntil,
  nextLogin,
  ONLY_FIRST,
  type SocketFate,
} from './failure-row.js'

const back = { with: 'returns' } as const
const atShow: SocketFate = 'at show'
/** On H5 and App a channel that misses messages can tell the SDK that the network changed. */
const told: Readonly<Record<CloudPlatform, SocketFate>> = {
  h5: 'returns',
  'mp-weixin': 'at show',
  app: 'returns',
}

const offline = (app: CloudApp) => app.until(() => !app.isOnline(), 'offline')

/** Rows of failures that kill the push socket of a running app, or keep it from living. */
export const socketFailures: readonly FailureRow[] = [
  {
    row: 1,
    failure: 'the socket is cut',
    cause: ({ cloud }) => void cloud.push.gate.cut(),
    vendor: ONLY_FIRST,
    socket: { ...back, without: told },
  },
  {
    row: 1,
    failure: 'the gateway restarts',
    variant: true,
    cause: ({ cloud }) => cloud.push.gate.restart(400),
    vendor: ONLY_FIRST,
    socket: { ...back, without: told },
  },
  {
    row: 2,
    failure: 'the socket is half-open',
    cause: ({ cloud }) => cloud.push.gate.freeze(),
    vendor: ONLY_FIRST,
    socket: { ...back, without: 'lost' },
  },
  {
    row: 3,
    failure: 'a reconnect neither succeeds nor fails',
    async cause(app) {
      const { gate } = app.cloud.push
      gate.admission = 'swallow'
      gate.cut()
      await offline(app)
      const { accepted } = gate
      await glanceUntil(app, () => gate.accepted > accepted, 'the reconnect')
      gate.admission = 'forward'
    },
    vendor: ONLY_FIRST,
    socket: { ...back, without: 'lost' },
  },
  {
    row: 4,
    failure: 'the gateway sends it elsewhere ten times in five seconds',
    async cause(app) {
      const { push } = app.cloud
      // Code 22 asks for another connect; the tenth within five seconds is refused, and not made up for.
      for (let count = 0; count < 10 && app.isOnline(); count++) {
        const isBack = nextLogin(app)
        push.dismiss(22)
        await app.until(isBack, 'back', 700).catch(() => undefined)
      }
    },
    vendor: ONLY_FIRST,
    socket: { ...back, without: 'at a later show' },
  },
  {
    row: 5,
    failure: 'the former socket closes late',
    async cause(app) {
      const { gate } = app.cloud.push
      gate.mute()
      app.cloud.push.dismiss(20)
      await app.until(() => gate.swallowed > 0, 'the close frame')
      gate.freeze()
      await offline(app)
      const isBack = nextLogin(app)
      await glanceUntil(app, isBack, 'the new socket')
      gate.cutFrozen()
      // The SDK now holds the new one for closed, and connects once more at a show.
      const { logins } = app.cloud.push
      const isDoubled = () => app.cloud.push.logins > logins
      if (app.plugin === 'without') {
        await glanceUntil(app, isDoubled, 'a second socket')
        // The gateway tells the healthy one to go, and the SDK closes the second. A visible page then makes a third.
        return app.platform === 'h5' ? undefined : offline(app)
      }
      await glance(app)
      await assert.rejects(app.until(isDoubled, 'a second socket', 1_200), /timed out/)
    },
    vendor: 'open',
    socket: { ...back, without: { h5: 'at a later show', 'mp-weixin': 'at show', app: 'at a later show' } },
  },
  {
    row: 6,
    failure: 'the app shows twice within a second',
    cause: showTwiceInASecond,
    vendor: ONLY_FIRST,
    socket: { ...back, without: told },
  },
  {
    row: 7,
    failure: 'the platform reports no network from the start though there is one',
    notOn: { 'mp-weixin': 'its answer comes after the first connect, which therefore works' },
    launch: { network: 'none', storage: ({ push }) => push.enroll() },
    vendor: [],
    socket: { ...back, without: { h5: 'at change', 'mp-weixin': 'at change', app: 'returns' } },
  },
  {
    row: 7,
    failure: 'the platform reported no network, and the socket is cut',
    notOn: {
      h5: 'its answer comes before the first connect: see above',
      app: 'its answer comes before the first connect: see above',
    },
    launch: { network: 'none' },
    cause: ({ cloud }) => void cloud.push.gate.cut(),
    vendor: ONLY_FIRST,
    socket: { ...back, without: 'at change' },
  },
  ...[20, 23, 24].map((code): FailureRow => ({
    row: 8,
    failure: `the gateway says goodbye with ${code}`,
    ...(code !== 20 && { variant: true as const }),
    async cause(app) {
      app.cloud.push.dismiss(code)
      await offline(app)
    },
    vendor: ONLY_FIRST,
    socket: { ...back, without: atShow },
  })),
  {
    row: 8,
    failure: 'the gateway says goodbye with 21 while the app is in the background',
    async cause(app) {
      // Mini-programs have no page whose focus could be asked for: they stay away in the foreground too.
      if (app.platform === 'h5') await app.hide()
      app.cloud.push.dismiss(21)
      await offline(app)
    },
    vendor: ONLY_FIRST,
    socket: { ...back, without: atShow },
  },
  {
    row: 9,
    failure: 'a new registration is refused',
    async cause(app) {
      const { push } = app.cloud
      push.forgetClients()
      push.refusals.registrations = 1
      push.gate.cut()
      await offline(app)
      await glanceUntil(app, () => push.refusals.registrations === 0, 'the refusal')
    },
    vendor: ONLY_FIRST,
    socket: { ...back, without: 'lost' },
    next: { without: ['source', 'source'] },
  },
  {
    row: 9,
    failure: 'a key is refused',
    variant: true,
    async cause(app) {
      const { push } = app.cloud
      push.refusals.negotiations = 1
      push.gate.cut()
      await offline(app)
      await glanceUntil(app, () => push.refusals.negotiations === 0, 'the refusal')
    },
    vendor: ONLY_FIRST,
    socket: { ...back, without: 'lost' },
    next: { without: ['source', 'source'] },
  },
  {
    row: 13,
    failure: 'the client id changes',
    async cause(app) {
      const { push } = app.cloud
      const isBack = nextLogin(app)
      push.forgetClients()
      push.gate.cut()
      await offline(app)
      await glanceUntil(app, isBack, 'the other client')
      // Without the plugin, mini-programs are told of no login: the channel asks at the next silence.
      await app.until(() => app.cloud.calls.some(isMove), 'the function is told')
    },
    vendor: ONLY_FIRST,
    socket: { with: 'kept', without: 'kept' },
  },
]

function isMove({ event }: { readonly event: unknown }): boolean {
  return (event as { action?: string }).action === 'move'
}

/** Cut between two shows of one second, of which the SDK ignores the second. */
async function showTwiceInASecond(app: CloudApp): Promise<void> {
  for (;;) {
    await app.until(app.isOnline, 'online')
    await app.hide()
    const begun = performance.now()
    await app.show()
    await app.hide()
    app.cloud.push.gate.cut()
    await offline(app)
    await app.show()
    // A busy machine takes longer, and the SDK takes the second show then.
    if (performance.now() - begun < 950) return
  }
}
