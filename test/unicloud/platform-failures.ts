import assert from 'node:assert/strict'
import { CLASSIC } from './cloud-app.js'
import { type FailureRow, glance, nextLogin, ONLY_FIRST } from './failure-row.js'

const ONLY_H5 = { 'mp-weixin': 'there are no tabs', app: 'there are no tabs' } as const

/** Rows of failures that only one platform has. */
export const platformFailures: readonly FailureRow[] = [
  {
    row: 22,
    failure: 'the handlers of a socket are global and never removed',
    notOn: { h5: 'only Alipay is so', 'mp-weixin': 'only Alipay is so', app: 'only Alipay is so' },
    vendor: ONLY_FIRST,
    socket: { with: 'kept', without: 'kept' },
  },
  {
    row: 23,
    failure: 'push is native and offline, and no socket can be asked',
    notOn: {
      h5: 'only App is so',
      'mp-weixin': 'only App is so',
      app: 'a build of its own: native-push.test.ts',
    },
    vendor: ONLY_FIRST,
    socket: { with: 'kept', without: 'kept' },
  },
  {
    row: 24,
    failure: 'another tab takes the client id over',
    variant: true,
    notOn: ONLY_H5,
    async cause(app) {
      const isTaken = nextLogin(app)
      await app.openTwin?.()
      await app.until(isTaken, 'the other tab')
    },
    // Through the channel that tabs share.
    vendor: CLASSIC,
    socket: { with: 'kept', without: 'kept' },
  },
  {
    row: 24,
    failure: 'another tab took the client id over and was closed in the background',
    notOn: ONLY_H5,
    async cause(app) {
      const isTaken = nextLogin(app)
      const close = await app.openTwin?.()
      await app.until(isTaken, 'the other tab')
      await app.hide()
      await close?.()
      await app.until(() => !app.isOnline(), 'offline')
    },
    vendor: ONLY_FIRST,
    socket: { with: 'returns', without: 'at show' },
  },
  {
    row: 24,
    failure: 'the browser has no BroadcastChannel, and the socket is cut',
    notOn: ONLY_H5,
    launch: { lacking: 'BroadcastChannel' },
    async cause(app) {
      app.cloud.push.gate.cut()
      await app.until(() => !app.isOnline(), 'offline')
      await glance(app)
      if (app.plugin === 'without') await assert.rejects(app.until(app.isOnline, 'back', 1_200), /timed out/)
    },
    vendor: ONLY_FIRST,
    socket: { with: 'returns', without: 'returns' },
  },
]
