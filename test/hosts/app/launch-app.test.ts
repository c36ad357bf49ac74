import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildFixture } from '../build.js'
import { type Browser, launchChromium } from '../chromium/launch-chromium.js'
import { FIXTURE_TEXT } from '../fixture-api.js'
import { startFixtureServer } from '../fixture-server.js'
import type { AppOptions } from './app-options.js'
import { type AppPage, launchApp } from './launch-app.js'

let folder: string
let browser: Browser
let server: Awaited<ReturnType<typeof startFixtureServer>>
let app: AppPage

beforeAll(async () => {
  folder = await buildFixture('app')
  browser = await launchChromium()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  server = await startFixtureServer()
})
afterEach(async () => {
  await app.close()
  await server.close()
})

async function start(options: AppOptions = {}) {
  app = await launchApp(browser, folder, options)
  await app.start('pages/index/index', { api: server.url })
}
const shows = (text: string) => app.waitFor(async () => (await app.text()).includes(text), { what: text })
const hooks = async () => (await app.text('.hooks')).split(' ')
const lastState = async () => (await app.requests()).at(-1)?.state

describe('a compiled App', () => {
  test('boots through its hooks in the order of the framework, without an error', async () => {
    await start()
    await shows('index.onReady')
    expect(await hooks()).toEqual([
      'app.onLaunch',
      'app.onShow',
      'index.onLoad',
      'index.onShow',
      'index.onReady',
    ])
    expect(await app.errors()).toEqual([])
  })

  test('its service layer sees no web globals though the page around it has them all', async () => {
    await start()
    expect(await app.text('.realm')).toBe(Array.from({ length: 6 }, () => 'undefined').join(','))
  })

  test('taps and typing change the text, and what crosses the bridge is counted', async () => {
    await start()
    await app.tap('.add')
    await shows('count 1')
    await app.resetBridge()
    for (const count of [2, 3, 4, 5]) {
      await app.tap('.add')
      await shows(`count ${count}`)
    }
    const { toView, toService } = await app.bridgeStats()
    // The changed text and the tap, each time; what the first tap still had to say may be among it.
    expect([4, 5]).toContain(toView.messages)
    expect(toView.bytes).toBeLessThan(4 * 400)
    expect([4, 5]).toContain(toService.messages)
    await app.input('.name', '小明')
    await shows('hello 小明')
    expect(await app.errors()).toEqual([])
  })

  test('navigation opens a page in a WebView of its own, and the back button closes it', async () => {
    await start()
    await app.tap('.nav')
    await shows('detail 7')
    const [first, second] = await app.pages()
    expect([first?.path, second?.path]).toEqual(['pages/index/index', 'pages/detail/detail'])
    expect(second?.webView).not.toBe(first?.webView)
    await app.back()
    await shows('detail.onUnload')
    expect((await app.pages()).map(({ path }) => path)).toEqual(['pages/index/index'])
  })

  test('redirectTo and reLaunch close the WebViews of the pages they replace', async () => {
    await start()
    await app.redirectTo('pages/detail/detail', { id: '1' })
    await shows('detail 1')
    await app.navigateTo('pages/detail/detail', { id: '2' })
    const before = await app.pages()
    await app.reLaunch('pages/index/index')
    await shows('count 0')
    const after = await app.pages()
    expect(after).toHaveLength(1)
    expect(before.map(({ webView }) => webView)).not.toContain(after[0]?.webView)
  })
})

describe('requests', () => {
  test('come whole, in one piece at the end: the task of an App has no chunks', async () => {
    await start()
    await app.tap('.stream')
    await shows(`success ${JSON.stringify(FIXTURE_TEXT)}`)
    expect(await app.text('.chunks')).toBe('0 chunks of none')
    expect(await app.requests()).toMatchObject([{ layer: 'service', state: 'success', statusCode: 200 }])
  })

  test('a destroyed socket surfaces as fail', async () => {
    await start()
    await app.tap('.steps')
    await app.waitFor(() => server.destroySockets() > 0)
    await shows('request:fail')
  })

  test('without network an open request fails, and the app hears of the change', async () => {
    await start()
    await app.tap('.steps')
    await app.waitFor(async () => (await lastState()) === 'open')
    await app.setNetwork('none')
    await shows('request:fail')
    expect(await app.text('.hooks')).toMatch(/network\.none/)
    await expect.poll(() => server.api.aborted()).toBe(1)
    await app.setNetwork('wifi')
    await app.tap('.stream')
    await shows('success')
  })

  test('a WebSocket echoes, and an abort is told at once', async () => {
    await start()
    await app.tap('.socket')
    await shows('message 你好')
    await app.tap('.steps')
    await app.tap('.abort')
    await shows('request:fail abort')
  })
})

describe('the background', () => {
  test('of Android lets timers and requests go on', async () => {
    await start()
    await app.tap('.steps')
    await app.waitFor(async () => (await lastState()) === 'open')
    await app.tap('.tick')
    await app.hide()
    await shows('ticks 1')
    server.api.finish()
    await shows('success')
    await app.show()
    await app.waitFor(async () => (await hooks()).at(-1) === 'index.onShow', { what: 'the last hook' })
    expect((await hooks()).slice(-6)).toEqual([
      ...['app.onHide', 'uni.onAppHide', 'index.onHide'],
      ...['app.onShow', 'uni.onAppShow', 'index.onShow'],
    ])
  })

  test('with suspension stops timers, and a request that was open has failed after the show', async () => {
    await start()
    await app.tap('.steps')
    await app.waitFor(async () => (await lastState()) === 'open')
    await app.hide({ suspendAfterMs: 0 })
    await app.waitFor(async () => (await lastState()) === 'fail')
    expect(await app.text('.outcome')).toBe('open')
    await app.show()
    await shows('request:fail')
    await shows('request.fail')
    expect((await hooks()).at(-1)).toBe('request.fail')
  })
})

describe('a WebView', () => {
  test('that the system kills on iOS is loaded and filled again', async () => {
    await start({ os: 'iOS' })
    await app.tap('.add')
    await shows('count 1')
    await app.crash('1')
    await app.waitFor(async () => (await app.text()).includes('count 1'))
    await app.waitFor(async () => {
      await app.tap('.add')
      return (await app.text()).includes('count 2')
    })
  })

  test('that stands still shows what it missed once it runs again', async () => {
    await start()
    await app.stall('1')
    await app.tap('.add')
    await app.setNetwork('4g')
    await app.unstall('1')
    await shows('network.4g')
    await shows('count 1')
  })

  test('that belongs to no page has plus without the framework, and outlives reLaunch until it is closed', async () => {
    await start()
    await app.runInService(`
      globalThis.told = []
      plus.globalEvent.addEventListener('plusMessage', ({ data }) => {
        if (data.type === 'own') globalThis.told.push(data.args)
      })
      const view = plus.webview.create('', 'own', { 'uni-app': 'none' })
      // Kept until something is loaded.
      view.evalJS("plus.webview.postMessageToUniNView({ type: 'own', args: typeof UniViewJSBridge }, '__uniapp__service')")
      view.loadData('<!doctype html>')
      globalThis.say = (word) => view.evalJS("plus.webview.postMessageToUniNView({ type: 'own', args: '" + word + "' }, '__uniapp__service')")
      globalThis.close = () => view.close()
      globalThis.heard = () => globalThis.told`)
    const heard = () => app.callService<string[]>('heard')
    await app.waitFor(async () => (await heard()).length === 1)
    await app.reLaunch('pages/detail/detail', { id: '1' })
    await shows('detail 1')
    await app.callService('say', 'here')
    await app.waitFor(async () => (await heard()).length === 2)
    expect(await heard()).toEqual(['undefined', 'here'])
    await app.callService('close')
    expect(await app.webViews()).not.toContain('own')
  })
})

test('what is stored before the start is read by the app, and what it stores by the test', async () => {
  await start({ storage: { list: [{ a: '你' }], word: 'text' } })
  expect(await app.stored('list')).toEqual([{ a: '你' }])
  expect(await app.stored('word')).toBe('text')
  expect(await app.stored('nothing')).toBeUndefined()
})
