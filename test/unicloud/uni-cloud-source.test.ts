import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCloudFixture } from './build-fixture.js'
import { type CloudApp, type CloudPlatform, closeBrowser, startCloudApp } from './cloud-app.js'

const platforms: readonly CloudPlatform[] = ['h5', 'mp-weixin', 'app']
const ALL = '[{"a":1},{"a":2},{"a":3},{"a":4},{"a":5}]'

let app: CloudApp
afterEach(() => app.close())
afterAll(closeBrowser)

const last = async () => (await app.log()).filter((line) => line.startsWith('source ')).pop() ?? ''
const waitForLast = (text: string, timeoutMs?: number) =>
  app.until(async () => (await last()) === text, text, timeoutMs)
const calls = (name: string) => app.cloud.calls.filter((call) => call.name === name)

describe.each(platforms)('useSSEChannel over uniCloud on %s', (platform) => {
  beforeAll(async () => void (await buildCloudFixture(platform, 'with')))

  async function start() {
    app = await startCloudApp({ platform, plugin: 'with' })
    await app.until(app.isOnline, 'online', 10_000)
    app.allow(1)
    await app.tap('.start-source')
    await waitForLast('source streaming [{"a":1}]', 8_000)
  }

  test('the messages of a function arrive, its end ends the run, and its event is the input', async () => {
    await start()
    app.allow(5)
    await waitForLast(`source done ${ALL}`)
    expect(calls('classic-logged').map(({ event }) => (event as { steps: number }).steps)).toEqual([5])
  })

  test('through a background the run is read on from the cursor, and the function called once', async () => {
    await start()
    await app.hide()
    app.allow(5)
    await app.until(() => app.cloud.database.size > 2, 'the log')
    await app.show()
    await waitForLast(`source done ${ALL}`, 10_000)
    expect(calls('classic-logged')).toHaveLength(1)
  }, 30_000)

  test('when the call is cut, the function runs on and its messages still arrive', async () => {
    await start()
    app.cloud.gate.cut()
    app.cloud.push.gate.cut()
    app.allow(5)
    await waitForLast(`source done ${ALL}`, 15_000)
    // Chromium by itself repeats a POST whose reused connection was reset before the answer began.
    if (platform !== 'h5') expect(calls('classic-logged')).toHaveLength(1)
  }, 30_000)

  test('stop() reaches the running function, which can write no more', async () => {
    await start()
    await app.tap('.stop-source')
    await waitForLast('source stopped [{"a":1}]')
    await app.until(
      () => calls('sse-channel-reader').some(({ event }) => (event as { action: string }).action === 'stop'),
      'the stop',
    )
    const before = app.cloud.push.pushes.length
    await app.until(() => app.cloud.push.pushes.length > before, 'the end of the log, pushed', 3_000)
    app.allow(5)
    expect(await last()).toBe('source stopped [{"a":1}]')
  }, 30_000)
})
