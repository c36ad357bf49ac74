import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCloudFixture, type PluginUse } from './build-fixture.js'
import { type CloudApp, CLASSIC, closeBrowser, startCloudApp } from './cloud-app.js'

// Row 23: an App whose manifest says `offline: true` is built without the socket SDK. Pushes come through the phone's
// own service, which tells nothing about its state, so that silence is all there is to go by.
const plugins: readonly PluginUse[] = ['with', 'without']

let app: CloudApp
afterEach(() => app.close())
afterAll(closeBrowser)

const END = 'end {"a":5}'
const told = (lines: readonly string[]) => lines.filter((line) => /^(message|end|error) /.test(line))

describe.each(plugins)('an App with native push %s the plugin', (plugin) => {
  beforeAll(async () => void (await buildCloudFixture('app', plugin, 'native')))

  async function start(kind: string) {
    const run = await app.start(kind)
    await app.waitForPrint(run, CLASSIC[0]!)
    return run
  }

  async function expectAll(run: string) {
    await app.waitForPrint(run, END)
    expect(told(await app.printed(run))).toEqual(CLASSIC)
  }

  test('opens no socket, and receives what the phone brings: the vendor channel and ours', async () => {
    // So long that the log is not asked because the machine is busy.
    app = await startCloudApp({ platform: 'app', plugin, push: 'native', silenceMs: 60_000 })
    app.allow(1)
    const runs = [await start('vendor'), await start('ours'), await start('plain')]
    const pages = app.cloud.calls.length
    app.allow(5)
    for (const run of runs) await expectAll(run)
    // Nothing had to be read from the log.
    expect(app.cloud.calls).toHaveLength(pages)
    expect([app.cloud.push.logins, app.cloud.push.gate.accepted]).toEqual([0, 0])
  })

  test('delivers everything after the phone fell silent, and so do a second and a third channel', async () => {
    app = await startCloudApp({ platform: 'app', plugin, push: 'native' })
    app.allow(1)
    const vendor = await start('vendor')
    const ours = await start('ours')
    app.cloud.push.fault = () => undefined
    app.allow(5)
    await expectAll(ours)
    expect(told(await app.printed(vendor))).toEqual([CLASSIC[0]])
    for (const kind of ['reused', 'object']) await expectAll(await app.start(kind))
  })

  test('hidden through 2 to 4, it delivers them after the show', async () => {
    app = await startCloudApp({ platform: 'app', plugin, push: 'native' })
    app.allow(1)
    const ours = await start('ours')
    app.cloud.push.fault = () => undefined
    await app.hide()
    app.allow(5)
    await app.until(() => app.cloud.push.pushes.length > 1, 'the pushes')
    app.cloud.push.fault = undefined
    await app.show()
    await expectAll(ours)
  })

  test('understands payloads that the phone hands over as JSON text, which the vendor channel ignores', async () => {
    app = await startCloudApp({ platform: 'app', plugin, push: 'native', payload: 'text' })
    app.allow(5)
    const vendor = await app.start('vendor')
    for (const kind of ['ours', 'plain']) await expectAll(await app.start(kind))
    expect(told(await app.printed(vendor))).toEqual([])
  })
})
