import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { storedConversation } from '../helpers/stored-conversation.js'
import { buildDemo } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'
import { openChatPage, type ChatPage } from './chat-page.js'
import { createToolApi } from './tool-api.js'

const ANSWERS = 60

let browser: Browser
let folder: string
beforeAll(async () => {
  folder = await buildDemo('h5')
  browser = await launchChromium()
})
afterAll(() => browser.close())

let api: ReturnType<typeof createToolApi>
let server: StaticServer
let chat: ChatPage
beforeEach(async () => {
  api = createToolApi()
  server = await startStaticServer({ folder, api: api.handle })
  chat = await openChatPage(browser, server.url)
  await chat.page.evaluate(
    (all: Record<string, string>) => {
      localStorage.clear()
      for (const [key, text] of Object.entries(all)) localStorage.setItem(key, text)
    },
    storedConversation(
      ANSWERS,
      (index) => `回答${index}：${'这里是一段普通的话。'.repeat(20 + ((index * 7) % 30))}`,
    ),
  )
  await chat.page.reload()
  await chat.page.waitFor((end: string) => document.body.innerText.includes(end), {}, `回答${ANSWERS - 1}：`)
  expect((await settled()).atEnd).toBe(true)
})
afterEach(async () => {
  expect(chat.page.errors).toEqual([])
  await chat.close()
  await server.close()
  await api.close()
})

const wheel = (deltaY: number) =>
  chat.page.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 700, y: 300, deltaX: 0, deltaY })

/** Messages in the page, and the one at the middle of what is in view with its place there. */
const look = () =>
  chat.page.evaluate(() => {
    const view = document.querySelector('.chat-messages__scroll')!.getBoundingClientRect()
    const middle = view.top + view.height / 2
    const shown = [...document.querySelectorAll<HTMLElement>('.chat-message')]
    const found = shown.find((one) => one.getBoundingClientRect().bottom > middle)
    const { scrollTop, scrollHeight, clientHeight } = document.querySelector(
      '.chat-messages__scroll .uni-scroll-view-content',
    )!.parentElement!
    const top = found?.getBoundingClientRect().top ?? Infinity
    return {
      inPage: shown.length,
      text: top <= middle ? (found?.innerText.slice(0, 6) ?? '') : '',
      top: Math.round(top),
      scrollTop: Math.round(scrollTop),
      atTop: scrollTop < 1,
      atEnd: scrollTop + clientHeight > scrollHeight - 2,
    }
  })

/** What is in view once nothing moves any more, and no message comes or goes. */
async function settled() {
  let before = ''
  let now = await look()
  await expect
    .poll(
      async () => {
        before = JSON.stringify(now)
        now = await look()
        return now.text !== '' && JSON.stringify(now) === before
      },
      { interval: 150, timeout: 30_000 },
    )
    .toBe(true)
  return now
}

/** One turn of the wheel: what is in view when it has come to rest. */
async function wheelBy(deltaY: number) {
  const { scrollTop } = await look()
  await wheel(deltaY)
  await expect.poll(async () => (await look()).scrollTop).not.toBe(scrollTop)
  return settled()
}

/** Turns the wheel until the list is at one of its ends. */
async function wheelTo(end: 'atTop' | 'atEnd', step: number) {
  let most = 0
  for (let turn = 0; turn < 400; turn++) {
    await wheel(end === 'atTop' ? -step : step)
    const now = await look()
    most = Math.max(most, now.inPage)
    if (now[end] && (await settled())[end]) return most
  }
  throw new Error(`not ${end} after 400 turns of the wheel`)
}

it('holds the messages around what is in view, and every one of them is there when the reader comes', async () => {
  expect(await wheelTo('atTop', 600)).toBeLessThan(80)
  expect(await chat.texts('.chat-message')).toContain('第 0 个问题')
  expect(await wheelTo('atEnd', 600)).toBeLessThan(80)
  expect((await chat.texts('.chat-message')).some((text) => text.startsWith(`回答${ANSWERS - 1}：`))).toBe(
    true,
  )
})

it('shows what is there after a leap, and the way there and back leads to the same place', async () => {
  await wheelTo('atTop', 600)
  const here = await wheelBy(7_000)
  const there = await wheelBy(9_000)
  expect(there.text).not.toBe(here.text)
  expect(there.inPage).toBeLessThan(80)
  const again = await wheelBy(-9_000)
  expect(again.text).toBe(here.text)
  expect(Math.abs(again.top - here.top)).toBeLessThan(3)
})

it('keeps what the reader has in hand: a question that is being edited', async () => {
  await wheelTo('atTop', 600)
  await chat.page.click('.message-group + .message-group .message-actions__button--edit')
  await chat.has('.message-editor textarea')
  await chat.page.waitFor(() => document.activeElement?.matches('.message-editor textarea') === true)
  await chat.page.send('Input.insertText', { text: '更好的问题' })
  await wheelTo('atEnd', 600)
  await wheelTo('atTop', 600)
  expect(
    await chat.page.evaluate(
      () => document.querySelector<HTMLTextAreaElement>('.message-editor textarea')?.value ?? '',
    ),
  ).toContain('更好的问题')
})
