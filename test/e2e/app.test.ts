import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDemo } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { StaticServer } from '../hosts/static-server.js'
import { openApp, type NativeApp, type OpenAppOptions } from './app-app.js'
import { serveApi } from './mini-program-app.js'
import { describePhoneScenarios } from './phone-scenarios.js'
import { describeScenarios } from './scenarios.js'
import { askSlowly, expectEachEventOnce, expectWholeAnswer, resumed, useStage, type Stage } from './stage.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const platform = (options: OpenAppOptions = {}) => ({
  prepare: () => buildDemo(options.platform ?? 'app'),
  serve: serveApi,
  open: (server: StaticServer) => openApp(browser, server, options),
})

/** The WebView whose page carries the stream: the transport listens for its death. The framework may, on all. */
async function carrierOf({ app }: Stage<NativeApp>): Promise<string> {
  const views = await Promise.all(
    (await app.host.pages()).map(async ({ webView }) => ({
      webView,
      listeners: await app.host.listeners(webView, 'recovery'),
    })),
  )
  return views.reduce((most, view) => (view.listeners > most.listeners ? view : most)).webView
}

describeScenarios('App', platform())
describePhoneScenarios('App', platform())

describe('App: an answer', () => {
  const setStage = useStage(platform())

  it('streams through the WebView of the root page, in far fewer messages than pieces', async () => {
    const stage = await setStage()
    const { api, app } = stage
    await app.host.resetBridge()
    // As fast as can be: pieces that come one by one are messages of their own.
    api.paceMs = 0
    api.heldAt = Math.floor(api.pieces / 2)
    await app.ask('你好')
    await app.waitFor(async () => (await app.shown()).length > 0)
    const [root] = await app.host.pages()
    expect(await carrierOf(stage)).toBe(root?.webView)
    await expectWholeAnswer(stage)
    expect((await app.host.bridgeStats()).toService.messages).toBeLessThan(api.written / 3)
    await expectEachEventOnce(stage)
  })

  it('goes on in another WebView when the one that carries it stands still', async () => {
    const stage = await setStage()
    const { app } = stage
    await askSlowly(stage, '卡住')
    const carrier = await carrierOf(stage)
    await app.host.stall(carrier)
    await resumed(stage)
    expect(await carrierOf(stage)).not.toBe(carrier)
    await app.host.unstall(carrier)
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
  })

  it('goes on in the root page when the page that carries it is left', async () => {
    const stage = await setStage()
    const { app } = stage
    const [root] = await app.host.pages()
    await app.host.stall(root!.webView)
    await askSlowly(stage, '返回')
    expect(await carrierOf(stage)).not.toBe(root?.webView)
    await app.host.unstall(root!.webView)
    await app.leaveChat()
    await resumed(stage)
    expect(await carrierOf(stage)).toBe(root?.webView)
    await app.enterChat()
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
  })
})

describe('App: an answer whose page is the root', () => {
  const setStage = useStage(platform({ root: 'chat' }))

  it.each(['redirectTo', 'reLaunch'] as const)('goes on after a %s has closed it', async (method) => {
    const stage = await setStage()
    const { app } = stage
    await askSlowly(stage, method)
    const carrier = await carrierOf(stage)
    await app.host[method]('pages/channels/channels')
    await resumed(stage)
    expect(await carrierOf(stage)).not.toBe(carrier)
    await app.enterChat()
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
  })
})

describe.each(['iOS', 'Android'] as const)('App: a WebView that %s reloads', (os) => {
  const setStage = useStage(platform({ os }))

  it('costs a connection and no character', async () => {
    const stage = await setStage()
    await askSlowly(stage, '崩溃')
    await stage.app.host.crash(await carrierOf(stage))
    await resumed(stage)
    await expectWholeAnswer(stage)
    // Android leaves the reloaded page, the list, empty: there is nothing to count the events in.
    if (os === 'iOS') await expectEachEventOnce(stage)
    expect(stage.api.starts).toBe(1)
  })
})

// Under its own service framework; requests, sockets and storage are stand-ins.
describeScenarios('app-harmony', platform({ platform: 'app-harmony' }))
describePhoneScenarios('app-harmony', platform({ platform: 'app-harmony' }))

describe('app-harmony: an answer', () => {
  const setStage = useStage(platform({ platform: 'app-harmony' }))

  it('comes in chunks of uni.request, one request from start to end', async () => {
    const stage = await setStage()
    await askSlowly(stage, '鸿蒙')
    await stage.app.waitFor(async () => (await stage.app.stored())?.status === 'streaming')
    await expectWholeAnswer(stage)
    await expectEachEventOnce(stage)
    expect(stage.api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/chat'])
  })
})
