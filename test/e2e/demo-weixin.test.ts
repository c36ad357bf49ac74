import type { AddressInfo } from 'node:net'
import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDemoServer, type DemoServer } from '../../scripts/demo-server.js'
import { buildDemo } from '../hosts/build.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'

/** The demo's pages but the chat, as compiled for WeChat, against the demo's own server. */
let folder: string
beforeAll(async () => {
  folder = await buildDemo('mp-weixin')
}, 900_000)

let demo: DemoServer
let host: MiniProgram
beforeEach(async () => {
  demo = createDemoServer(undefined, {})
  await new Promise<void>((listening) => demo.server.listen(0, '127.0.0.1', listening))
  const server = `http://127.0.0.1:${(demo.server.address() as AddressInfo).port}`
  host = createMiniProgram(folder, { storage: { 'demo-server': server } })
})
afterEach(async () => {
  host.close()
  await demo.close()
})

const tap = async (selector: string) => {
  await host.waitFor(() => host.find(selector))
  host.tap(selector)
}

test('diagnostics try each transport of WeChat, and give a code that can be read', async () => {
  await host.start('pages/diagnostics/diagnostics')
  await host.waitFor(() => host.find('.diagnostics__image'), { timeoutMs: 120_000 })
  const report = host.text('.diagnostics__report')
  for (const name of ['uni-request', 'web-socket', 'long-poll']) expect(report).toContain(`${name}: works`)
  expect(report).toContain('platform: mp-weixin')
  const address = host.find('.diagnostics__image').getAttribute('src') ?? ''
  const image = PNG.sync.read(Buffer.from(address.split(',')[1] ?? '', 'base64'))
  const read = jsQR(new Uint8ClampedArray(image.data), image.width, image.height)
  expect(read?.data.split('\n').at(-1)).toContain('long-poll: works')
  expect(host.errors).toEqual([])
})

test('a notice comes to its page, and the page of channels stops its channel', async () => {
  await host.start('pages/more/more')
  await tap('.more__item--notifications')
  await host.waitFor(() => host.pages.at(-1)?.path === 'pages/notifications/notifications')
  await host.waitFor(() => host.find('.pill--good'))
  host.input('.notices__field', '七点见')
  await tap('.notices__send')
  await host.waitFor(() => host.text('.notices__list').includes('七点见'))
  host.back()
  await host.waitFor(() => host.pages.at(-1)?.path === 'pages/more/more')
  await tap('.more__item--channels')
  await host.waitFor(() => host.find('.channels__stop'))
  expect(host.text('.channels__card')).toMatch(/1 (events|个事件)/)
  await tap('.channels__stop')
  await host.waitFor(() => /stopped|已停止/.test(host.text('.channels__card')))
  expect(host.errors).toEqual([])
})

test('what the weather tool has found stands in a card between its call and the answer', async () => {
  await host.start('pages/chat/chat')
  host.input('.chat-composer__input', '北京明天的天气')
  await tap('.chat-composer__send:not(.chat-composer__send--off)')
  await host.waitFor(() => host.text().includes('°C'))
  await host.waitFor(() => host.find('.message-actions__button--regenerate'))
  const html = host.find('.chat').outerHTML
  const places = ['message-tool__name', 'weather__city', 'weather__day', '°C'].map((name) =>
    html.indexOf(name),
  )
  expect(Math.min(...places)).toBeGreaterThan(0)
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(host.text('.weather')).toContain('北京')
  expect(host.find('.weather').querySelectorAll('.weather__day')).toHaveLength(2)
  expect(host.errors).toEqual([])
})

test('a theme that is chosen counts at once, and is kept', async () => {
  await host.start('pages/settings/settings')
  await host.waitFor(() => host.find('.theme-light'))
  // The first of the choices: as the system has it, light, dark.
  await tap('.app-choice__option:nth-child(3)')
  await host.waitFor(() => host.find('.theme-dark'))
  expect(host.stored('demo-settings')).toMatchObject({ theme: 'dark' })
  expect(host.errors).toEqual([])
})
