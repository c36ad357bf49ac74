import { createServer } from 'node:http'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listen } from '../../../helpers/listen.js'
import { buildFixture } from '../../build.js'
import { startFixtureServer } from '../../fixture-server.js'
import { createMiniProgram, type MiniProgram } from '../create-mini-program.js'

let app: MiniProgram
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alipay-'))
})
afterEach(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

/** A mini program as one writes it for Alipay by hand. */
async function run(files: Record<string, string>) {
  const all = {
    'app.json': '{ "pages": ["index"] }',
    'app.js': 'App({ log: [] })',
    'index.json': '{ "usingComponents": { "own-card": "./card" } }',
    'card.json': '{ "component": true }',
    'card.axml': '<view/>',
    'card.js': 'Component({})',
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  app = createMiniProgram(folder, { platform: 'alipay' })
  await app.start()
}

/** Presses a button whose handler shows what it learned. */
async function shown(selector: string) {
  app.tap(selector)
  return app.waitFor(() => app.text('.shown'), { what: 'what the handler shows' })
}

describe("Alipay's components", () => {
  const page = (more: string) => `Page({
    data: { count: 0, isThere: true },
    onLoad() { getApp().log.push('onLoad') },
    onShow() { getApp().log.push('onShow') },
    onReady() { getApp().log.push('onReady') },
    show() { this.setData({ shown: getApp().log.join(' ') }); getApp().log.length = 0 },
    ${more}
  })`

  test('are created after onLoad, and mounted children first, before onReady', async () => {
    await run({
      'index.js': page(''),
      'index.axml':
        '<own-card name="outer"/><button class="log" onTap="show"/><view class="shown">{{shown}}</view>',
      'card.json': '{ "component": true, "usingComponents": { "own-card": "./card" } }',
      'card.axml': '<own-card a:if="{{isOuter}}" name="inner"/>',
      'card.js': `
        const note = (hook) => function () { getApp().log.push(this.props.name + '.' + hook) }
        Component({
          onInit() { note('onInit').call(this); this.setData({ isOuter: this.props.name === 'outer' }) },
          deriveDataFromProps: note('derive'),
          didMount: note('didMount'),
        })`,
    })
    expect(await shown('.log')).toBe(
      'onLoad onShow outer.onInit outer.derive inner.onInit inner.derive inner.didMount outer.didMount onReady',
    )
  })

  test('see next props beside the old ones, and are unmounted', async () => {
    await run({
      'index.js': page(`
        add() { this.setData({ count: this.data.count + 1 }) },
        remove() { this.setData({ isThere: false }) },`),
      'index.axml': `<own-card a:if="{{isThere}}" my-count="n{{count}}"/>
        <button class="add" onTap="add"/><button class="remove" onTap="remove"/>
        <button class="log" onTap="show"/><view class="shown">{{shown}}</view>`,
      'card.js': `Component({
        props: { myCount: 'none', extra: 'default' },
        deriveDataFromProps(next) { getApp().log.push([this.props.myCount, next.myCount, next.extra].join('>')) },
        didUnmount() { getApp().log.push('didUnmount') },
      })`,
    })
    app.tap('.add')
    app.tap('.remove')
    expect(await shown('.log')).toBe('onLoad onShow n0>n0>default onReady n0>n1>default didUnmount')
  })

  test('call functions of whoever wrote the tag, by props whose names begin with on', async () => {
    await run({
      'index.js': page(`got(value) { this.setData({ shown: 'got ' + value }) },`),
      'index.axml': '<own-card onPress="got" press="got"/><view class="shown">{{shown}}</view>',
      'card.axml': '<button class="card" onTap="tapped"/>',
      'card.js': `Component({
        methods: { tapped() { this.props.onPress(typeof this.props.press + ' ' + this.$page.route) } },
      })`,
    })
    expect(await shown('.card')).toBe('got string index')
  })

  test('an event that is caught goes no further', async () => {
    await run({
      'index.js': page(`
        outer() { this.setData({ shown: 'outer' }) },
        inner() { this.setData({ shown: (this.data.shown || '') + 'inner' }) },`),
      'index.axml': `<view onTap="outer"><button class="on" onTap="inner"/><button class="catch" catchTap="inner"/></view>
        <view class="shown">{{shown}}</view>`,
    })
    expect(await shown('.catch')).toBe('inner')
    expect(await shown('.on')).toBe('outer')
  })
})

describe('my', () => {
  const asking = (call: string) => ({
    'index.js': `Page({ ask() { const show = (it) => this.setData({ shown: JSON.stringify(it) }); ${call} } })`,
    'index.axml': '<button class="ask" onTap="ask"/><view class="shown">{{shown}}</view>',
  })
  const answer = async (call: string) => {
    await run(asking(call))
    return JSON.parse(await shown('.ask')) as Record<string, unknown>
  }

  test('an answer other than 200 is a failure with its status, headers and body', async () => {
    const server = createServer((_request, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('slow'),
    )
    const url = `http://127.0.0.1:${await listen(server)}/`
    expect(
      await answer(`my.request({ url: '${url}', success: () => show('success'), fail: show })`),
    ).toMatchObject({ error: 19, status: 429, headers: { 'retry-after': '7' }, data: 'slow' })
    server.close()
  })

  test('an abort and a refused connection are failures with numbers and no status', async () => {
    const request = (rest: string) => `my.request({ url: 'http://127.0.0.1:1/', fail: show })${rest}`
    expect(await answer(request(''))).toMatchObject({ error: 12 })
    await app.close()
    const aborted = await answer(request('.abort()'))
    expect(aborted).toEqual({ error: 9, errorMessage: 'request:fail abort' })
  })

  test('storage takes objects, gives null for what is not there, and refuses more than 200 KB for a key', async () => {
    const found = await answer(`
      my.setStorageSync({ key: 'a', data: { b: '好' } })
      const { error } = my.setStorageSync({ key: 'c', data: 'x'.repeat(210000) })
      show([my.getStorageSync({ key: 'a' }).data, my.getStorageSync({ key: 'c' }).data, error])`)
    expect(found).toEqual([{ b: '好' }, null, 14])
    expect(app.stored('a')).toEqual({ b: '好' })
  })

  test('a socket is a task with wrapped messages if many are asked for, else the only one of the app', async () => {
    const server = await startFixtureServer()
    const url = `${server.url.replace('http', 'ws')}/socket`
    const task = `const task = my.connectSocket({ url: '${url}', multiple: true })
      task.onOpen(() => task.send({ data: '你好' }))
      task.onMessage(show)`
    expect(await answer(task)).toEqual({ data: { data: '你好', isBuffer: false } })
    await app.close()
    const single = `const none = my.connectSocket({ url: '${url}' })
      my.onSocketOpen(() => my.sendSocketMessage({ data: '你好' }))
      my.onSocketMessage(({ data }) => my.connectSocket({ url: '${url}', fail: ({ error }) => show([String(none), data, error]) }))`
    expect(await answer(single)).toEqual(['undefined', '你好', 3])
    await server.close()
  })

  test('networks have names of their own', async () => {
    await run(asking('my.onNetworkStatusChange(show); my.getNetworkType({ success: show })'))
    expect(await shown('.ask')).toContain('{"networkAvailable":true,"networkType":"Wi-Fi"')
    app.setNetwork('none')
    await app.waitFor(() => app.text('.shown') === '{"isConnected":false,"networkType":"NOTREACHABLE"}')
  })
})

test("a compiled uni-app boots on it through its hooks, in the vendor's order, and its components work", async () => {
  app = createMiniProgram(await buildFixture('mp-alipay'), { platform: 'alipay' })
  await app.start('pages/index/index')
  await app.waitFor(() => app.text().includes('index.onReady'))
  expect(app.text('.hooks')).toBe('app.onLaunch app.onShow index.onLoad index.onShow index.onReady')
  app.tap('.add')
  await app.waitFor(() => app.text('.count') === 'count 1')
  app.tap('.nav')
  await app.waitFor(() => app.text().includes('detail 7'))
  expect([app.text('.title'), app.text('.fixture-card .slotted')]).toEqual(['card', 'slotted'])
  app.tap('.close')
  await app.waitFor(() => app.text('.closed') === 'closed card')
  expect([app.errors, app.console.filter(({ type }) => type === 'error')]).toEqual([[], []])
})
