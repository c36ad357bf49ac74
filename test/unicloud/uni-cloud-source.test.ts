import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCloudFixture } from './build-fixture.js'
import { type CloudApp, type CloudPlatform, closeBrowser, startCloudApp } from './cloud-app.js'

const platforms: readonly CloudPlatform[] = ['h5', 'mp-weixin', 'app']
const ALL = '[{"a":1},{"a":2},{"a":3},{"a":4},{"a":5}]'

let app: CloudApp
/** How often the function began what is billed. */
let work = 0
afterEach(() => app.close())
afterAll(closeBrowser)

const last = async () => (await app.log()).filter((line) => line.startsWith('source ')).pop() ?? ''
const waitForLast = (text: string) => app.until(async () => (await last()) === text, text)
const calls = (name: string) => app.cloud.calls.filter((call) => call.name === name)

/** The request that a client sends, from elsewhere. */
async function invoke(functionTarget: string, functionArgs: unknown): Promise<unknown> {
  const params = JSON.stringify({ functionTarget, functionArgs })
  const body = JSON.stringify({ method: 'serverless.function.runtime.invoke', params })
  return (await fetch(`${app.cloud.endpoint}/client`, { method: 'POST', body })).json()
}

describe.each(platforms)('useSSEChannel over uniCloud on %s', (platform) => {
  beforeAll(async () => void (await buildCloudFixture(platform, 'with')))

  async function start() {
    app = await startCloudApp({ platform, plugin: 'with' })
    await app.until(app.isOnline, 'online')
    work = 0
    const { beforeWrite } = globalThis as unknown as { beforeWrite(step: number): Promise<void> }
    const counting = (step: number) => {
      if (step === 1) work++
      return beforeWrite(step)
    }
    Object.assign(globalThis, { beforeWrite: counting })
    app.allow(1)
    await app.tap('.start-source')
    await waitForLast('source streaming [{"a":1}]')
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
    await waitForLast(`source done ${ALL}`)
    expect(calls('classic-logged')).toHaveLength(1)
  })

  test('when the call is cut, the function runs on and its messages still arrive', async () => {
    await start()
    app.cloud.gate.cut()
    app.cloud.push.gate.cut()
    app.allow(5)
    await waitForLast(`source done ${ALL}`)
    expect(work).toBe(1)
    // Chromium by itself repeats a POST whose reused connection was reset before the answer began.
    if (platform !== 'h5') expect(calls('classic-logged')).toHaveLength(1)
  })

  test('a call that is sent twice works once, and every message comes once', async () => {
    await start()
    const twice = () => calls('classic-logged').length === 2
    if (platform === 'h5') {
      app.cloud.gate.cut()
      await app.until(twice, 'the call that Chromium repeats')
    } else {
      const { name, event } = calls('classic-logged')[0]!
      expect(await invoke(name, event)).toMatchObject({
        error: { message: expect.stringContaining('CHANNEL_CLAIMED:') as string },
      })
    }
    expect(twice()).toBe(true)
    app.allow(3)
    await waitForLast('source streaming [{"a":1},{"a":2},{"a":3}]')
    app.allow(5)
    await waitForLast(`source done ${ALL}`)
    expect(work).toBe(1)
    expect((await app.log()).filter((line) => line.startsWith('source error'))).toEqual([])
  })

  test('stop() reaches the running function, which can write no more', async () => {
    await start()
    const before = app.cloud.push.pushes.length
    await app.tap('.stop-source')
    await waitForLast('source stopped [{"a":1}]')
    await app.until(
      () => calls('sse-channel-reader').some(({ event }) => (event as { action: string }).action === 'stop'),
      'the stop',
    )
    await app.until(() => app.cloud.push.pushes.length > before, 'the end of the log, pushed')
    app.allow(5)
    expect(await last()).toBe('source stopped [{"a":1}]')
  })
})
