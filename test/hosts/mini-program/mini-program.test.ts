import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildFixture } from '../build.js'
import { FIXTURE_TEXT } from '../fixture-api.js'
import { startFixtureServer } from '../fixture-server.js'
import { createMiniProgram, type MiniProgram } from './create-mini-program.js'
import type { MiniProgramOptions } from './host-options.js'

let folder: string
let server: Awaited<ReturnType<typeof startFixtureServer>>
let app: MiniProgram

beforeAll(async () => {
  folder = await buildFixture('mp-weixin')
})
beforeEach(async () => {
  server = await startFixtureServer()
})
afterEach(async () => {
  await app.close()
  await server.close()
})

async function start(options: MiniProgramOptions = {}) {
  app = createMiniProgram(folder, options)
  await app.start('pages/index/index', { api: server.url })
}
const shows = (text: string) => app.waitFor(() => app.text().includes(text), { what: text })
const outcome = () => app.text('.outcome')
const received = () => Buffer.from(app.text('.hex'), 'hex').toString()
const hooks = () => app.text('.hooks').split(' ')

describe('a compiled mini program in Node', () => {
  test('boots through its hooks in the order of the vendor, without an error', async () => {
    await start()
    await shows('index.onReady')
    expect(hooks()).toEqual(['app.onLaunch', 'app.onShow', 'index.onLoad', 'index.onShow', 'index.onReady'])
    expect(app.errors).toEqual([])
    expect(app.console.filter(({ type }) => type === 'error')).toEqual([])
  })

  test('the logic layer sees no web globals', async () => {
    await start()
    expect(app.text('.realm')).toBe(Array.from({ length: 6 }, () => 'undefined').join(','))
  })

  test('taps and typing change the text, and only the changed data crosses to the view', async () => {
    await start()
    app.tap('.add')
    await shows('count 1')
    app.resetSetData()
    app.tap('.add')
    await shows('count 2')
    // {"a":"2"}
    expect(app.setDataStats()).toEqual({
      calls: 1,
      bytes: 9,
      byComponent: { 'pages/index/index': { calls: 1, bytes: 9 } },
    })
    app.resetSetData()
    app.input('.name', '小明')
    await shows('hello 小明')
    // {"c":"小明","e":"小明"}: 3 bytes for each character
    expect(app.setDataStats().bytes).toBe(27)
  })

  test('a list grows by the pushed row', async () => {
    await start()
    app.tap('.push')
    await shows('row 1')
    expect(app.html().match(/class="row"/g)).toHaveLength(2)
  })

  test('navigation opens the second page, and back returns to the first', async () => {
    await start()
    app.tap('.nav')
    await shows('detail 7')
    expect(app.pages).toEqual([
      { path: 'pages/index/index', query: { api: encodeURIComponent(server.url) } },
      { path: 'pages/detail/detail', query: { id: '7' } },
    ])
    app.tap('.back')
    await app.waitFor(() => app.pages.length === 1)
    await shows('detail.onUnload')
    expect(hooks().slice(-5)).toEqual([
      'index.onHide',
      'detail.onLoad',
      'detail.onShow',
      'detail.onUnload',
      'index.onShow',
    ])
  })
})

describe('built-in and own components', () => {
  const startDetail = async () => {
    app = createMiniProgram(folder)
    await app.start('pages/detail/detail', { id: '1' })
  }

  test('a component gets its props and its slot, and its event reaches the page', async () => {
    await startDetail()
    expect([app.text('.title'), app.text('.fixture-card .slotted')]).toEqual(['card', 'slotted'])
    app.tap('.close')
    await shows('closed card')
  })

  test('a textarea shows its bound text, and is empty again after it was sent', async () => {
    await startDetail()
    const field = app.find('.draft') as HTMLTextAreaElement
    await app.waitFor(() => field.value === 'draft')
    app.input('.draft', '你好')
    app.confirm('.draft')
    await shows('sent 你好')
    await app.waitFor(() => field.value === '')
  })

  test('rich-text shows its nodes', async () => {
    await startDetail()
    await app.waitFor(() => app.find('.nodes strong.rich').textContent === 'rich <text>')
  })
})

describe('requests', () => {
  test('chunks arrive one by one as ArrayBuffers while the request is open', async () => {
    await start()
    app.tap('.steps')
    await app.waitFor(() => app.requests.at(-1)?.statusCode === 200)
    for (const count of [1, 2, 3]) {
      server.api.step()
      await shows(`${count} chunks of ArrayBuffer`)
    }
    expect(outcome()).toBe('open')
    server.api.finish()
    await shows('success ""')
    expect(received()).toBe(FIXTURE_TEXT)
    expect(app.requests).toMatchObject([
      {
        url: `${server.url}/api/steps`,
        method: 'GET',
        state: 'success',
        bytes: Buffer.byteLength(FIXTURE_TEXT),
      },
    ])
  })

  test('without chunk support the whole body comes in success', async () => {
    await start({ chunked: 'unsupported' })
    app.tap('.stream')
    await shows(`success ${JSON.stringify(FIXTURE_TEXT)}`)
    expect(app.text('.chunks')).toBe('0 chunks of none')
  })

  test('a destroyed socket surfaces as fail', async () => {
    await start()
    app.tap('.steps')
    await app.waitFor(() => server.destroySockets() > 0)
    await shows('request:fail')
    expect(app.requests.at(-1)?.state).toBe('fail')
  })

  test('a refused connection surfaces as fail', async () => {
    const closed = createServer()
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening))
    const { port } = closed.address() as AddressInfo
    await new Promise((done) => closed.close(done))
    app = createMiniProgram(folder)
    await app.start('pages/index/index', { api: `http://127.0.0.1:${port}` })
    app.tap('.stream')
    await shows('net::ERR_CONNECTION_REFUSED')
  })

  test('abort fails the request and reaches the server', async () => {
    await start()
    app.tap('.steps')
    await app.waitFor(() => app.requests.at(-1)?.statusCode === 200)
    app.tap('.abort')
    await shows('request:fail abort')
    await expect.poll(() => server.api.aborted()).toBe(1)
  })

  test('a lost network cuts open connections, fails new ones, and is announced', async () => {
    await start()
    app.tap('.socket')
    app.tap('.steps')
    await shows('message 你好')
    await app.waitFor(() => app.requests.at(-1)?.statusCode === 200)
    app.setNetwork('none')
    await shows('ERR_INTERNET_DISCONNECTED')
    await shows('close;')
    await shows('network.none')
    await expect.poll(() => server.api.aborted()).toBe(1)
    app.tap('.stream')
    await app.waitFor(
      () => app.requests.at(-1)?.url.endsWith('/stream') && app.requests.at(-1)?.state === 'fail',
    )
    app.setNetwork('4g')
    app.tap('.stream')
    await shows('success')
  })
})

describe('background', () => {
  test('hides the page before the app, and shows the app before the page', async () => {
    await start()
    await shows('index.onReady')
    const before = hooks().length
    app.hide()
    app.show()
    await shows('uni.onAppShow')
    const after = hooks().slice(before)
    expect(after).toEqual([
      'index.onHide',
      'app.onHide',
      'uni.onAppHide',
      'app.onShow',
      'uni.onAppShow',
      'index.onShow',
    ])
  })

  test('goes on receiving while hidden when not suspended', async () => {
    await start()
    app.tap('.steps')
    await app.waitFor(() => app.requests.at(-1)?.statusCode === 200)
    app.hide()
    server.api.step()
    await shows('1 chunks of ArrayBuffer')
  })

  test('a suspended request delivers no chunk and fails as interrupted only after the show hooks', async () => {
    await start()
    app.tap('.steps')
    await app.waitFor(() => app.requests.at(-1)?.statusCode === 200)
    app.hide({ suspendAfterMs: 0 })
    await expect.poll(() => server.api.aborted()).toBe(1)
    server.api.step()
    expect([outcome(), app.text('.chunks')]).toEqual(['open', '0 chunks of none'])
    app.show()
    await shows('request:fail interrupted')
    expect(hooks().slice(-4)).toEqual(['app.onShow', 'uni.onAppShow', 'index.onShow', 'request.fail'])
  })

  test('a suspended timer and a lost socket are late, too', async () => {
    await start()
    app.tap('.socket')
    await shows('message 你好')
    app.tap('.tick')
    app.hide({ suspendAfterMs: 0 })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect([app.text('.ticks'), app.text('.socket-log')]).toEqual(['ticks 0', 'message 你好;'])
    app.show()
    await shows('ticks 1')
    await shows('close;')
  })

  test('a short absence ends before the suspension and harms nothing', async () => {
    await start()
    app.tap('.stream')
    app.hide({ suspendAfterMs: 5_000 })
    app.show()
    await shows('success')
    expect(received()).toBe(FIXTURE_TEXT)
  })
})

describe('close', () => {
  test('unloads the pages, cuts the connections and takes the DOM away', async () => {
    await start()
    app.tap('.socket')
    app.tap('.steps')
    await shows('message 你好')
    await app.waitFor(() => app.requests.at(-1)?.statusCode === 200)
    await app.close()
    await expect.poll(() => server.api.aborted()).toBe(1)
    expect(app.requests.map(({ state }) => state)).toEqual(['closed', 'fail'])
    expect('document' in globalThis).toBe(false)
  })

  test('a second host is refused until the first is closed', async () => {
    await start()
    expect(() => createMiniProgram(folder)).toThrow('close it first')
    await app.close()
    app = createMiniProgram(folder)
    await app.start()
    expect(app.text('.count')).toBe('count 0')
  })
})
