import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CloudApp, type CloudPlatform, CLASSIC, closeBrowser, startCloudApp } from './cloud-app.js'
import { buildCloudFixture, type PluginUse } from './build-fixture.js'

// The documented example, run by the vendors' unmodified client and push SDK in their hosts.
const platforms: readonly CloudPlatform[] = ['h5', 'mp-weixin', 'app']
const plugins: readonly PluginUse[] = ['with', 'without']
const targets = platforms.flatMap((platform) => plugins.map((plugin) => ({ platform, plugin })))

let app: CloudApp
afterEach(() => app.close())
afterAll(closeBrowser)

async function startOnline(target: { platform: CloudPlatform; plugin: PluginUse }) {
  app = await startCloudApp({ ...target, silenceMs: 1_000 })
  await app.until(app.isOnline, 'online')
}

/** What happens after `{a:1}` arrived; the rest is written when it resolves. */
const disturbances: Record<string, () => Promise<void>> = {
  'the socket is cut': async () => void app.cloud.push.gate.cut(),
  'the app is hidden through 2 to 4': async () => {
    await app.hide()
    app.allow(4)
    await app.until(() => app.hasReached(5), 'the writes')
    await app.show()
  },
  'message 2 is lost': async () => {
    let lost = false
    app.cloud.push.fault = () => {
      app.cloud.push.fault = undefined
      lost = true
    }
    app.allow(2)
    await app.until(() => lost, 'the loss')
  },
  '3 comes before 2': async () => {
    let held: (() => void) | undefined
    app.cloud.push.fault = (_push, deliver) => {
      held = deliver
      app.cloud.push.fault = (_next, deliverNext) => {
        app.cloud.push.fault = undefined
        deliverNext()
        deliver()
      }
    }
    app.allow(2)
    await app.until(() => held !== undefined, 'message 2')
  },
  'every message comes twice': async () => {
    app.cloud.push.fault = (_push, deliver) => [deliver, deliver].forEach((each) => each())
  },
  'the client id changes': async () => {
    app.cloud.push.forgetClients()
    app.cloud.push.gate.cut()
  },
  'the gateway restarts': async () => void app.cloud.push.gate.restart(500),
  'the socket is half-open': async () => app.cloud.push.gate.freeze(),
}

/** What the channel told; the call itself may fail, as when the app is suspended. */
const told = (lines: readonly string[]) => lines.filter((line) => /^(message|end|error) /.test(line))

describe.each(targets)('on $platform $plugin the plugin', (target) => {
  beforeAll(async () => void (await buildCloudFixture(target.platform, target.plugin)))

  // `vendor-logged`: the vendor's own client, and a function that writes with the library.
  const kinds = ['ours', 'object', 'plain', 'vendor-logged']
  test.each(kinds)('the example prints 1 to 4 and the end (%s)', async (kind) => {
    await startOnline(target)
    app.allow(5)
    const run = await app.start(kind)
    await app.waitForPrint(run, 'end {"a":5}')
    expect(told(await app.printed(run))).toEqual(CLASSIC)
  })

  test("a function of the vendor's receives from ours what it receives from the vendor's client", async () => {
    await startOnline(target)
    app.allow(5)
    for (const kind of ['vendor', 'plain']) await app.waitForPrint(await app.start(kind), 'end {"a":5}')
    const [theirs, ours] = app.cloud.calls.map(({ event }) => (event as { channel: object }).channel)
    expect(ours).toEqual({ ...theirs, seqId: expect.any(String) as string })
  })

  test.each(Object.entries(disturbances))(
    'a function and an object print the same when %s, and so do a second and a third channel after each',
    async (_name, disturb) => {
      await startOnline(target)
      for (const kind of ['reused', 'object']) {
        app.allow(1)
        const first = await app.start(kind)
        await app.waitForPrint(first, 'message {"a":1}')
        await disturb()
        app.allow(5)
        await app.waitForPrint(first, 'end {"a":5}')
        expect(told(await app.printed(first))).toEqual(CLASSIC)
        for (const following of ['reused', 'object']) {
          const next = await app.start(following)
          await app.waitForPrint(next, 'end {"a":5}')
          expect(told(await app.printed(next))).toEqual(CLASSIC)
        }
      }
    },
  )
})
