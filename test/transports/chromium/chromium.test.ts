import { afterAll, beforeAll } from 'vitest'
import { transportContract } from '../transport.contract.js'
import { ChromiumRealm } from './chromium-host.js'

const realm = new ChromiumRealm()
beforeAll(() => realm.open())
afterAll(() => realm.close())

transportContract('fetch in Chromium', realm.host('fetch'))
transportContract('xhr in Chromium', realm.host('xhr'))
transportContract('event-source in Chromium', realm.host('event-source'), [
  ...(['post', 'headers', 'status', 'channel-id', 'heartbeat', 'retry', 'announces-end'] as const),
])
transportContract('web-socket in Chromium', realm.host('web-socket'), ['headers'])
transportContract('long-poll in Chromium', realm.host('long-poll'), ['heartbeat', 'retry'])
