import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildDemo } from '../hosts/build.js'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'
import { DESKTOP, openChatPage, PHONE, type ChatPage } from './chat-page.js'
import { createToolApi } from './tool-api.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

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
async function open(viewport = DESKTOP) {
  api = createToolApi()
  server = await startStaticServer({ folder, api: api.handle })
  chat = await openChatPage(browser, server.url, viewport)
}
afterEach(async () => {
  expect(chat.page.errors).toEqual([])
  await chat.close()
  await server.close()
  await api.close()
})

/** Pixels that are not of the ground, in the left and in the right third of what matches. */
async function inkOf(selector: string) {
  const box = await chat.page.evaluate((wanted: string) => {
    // What blinks is no text.
    document.body.style.caretColor = 'transparent'
    const { x, y, width, height } = document.querySelector(wanted)!.getBoundingClientRect()
    return { x, y, width, height }
  }, selector)
  const path = join(mkdtempSync(join(tmpdir(), 'ink-')), 'page.png')
  await chat.page.screenshot(path)
  const image = PNG.sync.read(readFileSync(path))
  const third = Math.floor(box.width / 3)
  const count = (from: number) => {
    let ink = 0
    for (let y = Math.ceil(box.y) + 1; y < box.y + box.height - 1; y++)
      for (let x = from; x < from + third; x++)
        if ((image.data[(y * image.width + x) * 4 + 1] ?? 255) < 140) ink++
    return ink
  }
  return [count(Math.ceil(box.x)), count(Math.floor(box.x + box.width) - third)]
}

/** The text of each question that reached the server, the newest of each request. */
const asked = () =>
  api.bodies.map(({ messages }) =>
    (messages[messages.length - 1]?.parts ?? []).map(({ text = '' }) => text).join(''),
  )
const answers = (count: number) =>
  expect
    .poll(async () => (await chat.texts('.chat-message--assistant .streaming-text__body')).length)
    .toBe(count)

async function ask(text: string) {
  const before = (await chat.texts('.chat-message--assistant')).length
  await chat.write(text)
  await chat.press('Enter')
  await answers(before + 1)
  await chat.idle()
}

it('where no request gets through, a retry is offered, and of nothing it is said that it is kept', async () => {
  await open()
  const { page } = chat
  await page.send('Network.enable')
  // There is no socket here, so nothing takes over.
  await page.send('Network.setBlockedURLs', { urls: ['*/api/chat*'] })
  await chat.write('你好')
  await chat.press('Enter')
  await page.waitFor(() => document.body.innerText.includes('重试'), { timeoutMs: 120_000 })
  expect(await page.text()).toContain('网络连接中断')
  expect(await page.text()).not.toContain('保留')
  await page.send('Network.setBlockedURLs', { urls: [] })
  await chat.tap('重试')
  await answers(1)
  await chat.idle()
  expect(asked()).toEqual(['你好'])
}, 180_000)

describe('the field', () => {
  it('sends with Enter, and Shift+Enter makes a line', async () => {
    await open()
    await chat.write('第一行')
    await chat.press('Enter', 'shift')
    await chat.page.send('Input.insertText', { text: '第二行' })
    await expect.poll(() => chat.draft()).toBe('第一行\n第二行')
    expect(asked()).toEqual([])
    // At once: what was typed last has not been told by uni-app yet.
    await chat.page.send('Input.insertText', { text: '！' })
    await chat.press('Enter')
    await answers(1)
    expect(asked()).toEqual(['第一行\n第二行！'])
    await chat.idle()
    expect(await chat.draft()).toBe('')
  })

  // Chrome tells of the key while the composition goes on, Safari when it has just ended, with code 229 in both.
  it('never sends the Enter that takes a candidate, in either order of events', async () => {
    await open()
    const { page } = chat
    const field = '.chat-composer__input'
    await page.click(field)
    const compose = (text: string) =>
      page.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    await compose('nihao')
    await chat.press('Enter')
    await compose('nihao')
    await page.send('Input.insertText', { text: '你好' })
    const processed = { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 }
    await page.send('Input.dispatchKeyEvent', processed)
    await page.send('Input.dispatchKeyEvent', { ...processed, type: 'keyUp', windowsVirtualKeyCode: 13 })
    expect(await chat.draft()).toContain('你好')
    expect(asked()).toEqual([])
    // The next Enter is the reader's own.
    await chat.press('Enter')
    await answers(1)
    expect(asked()).toHaveLength(1)
  })

  it('lays out each line from the side of its first words, as it is typed', async () => {
    await open()
    await chat.write('مرحبا')
    const [left = 0, right = 0] = await inkOf('.chat-composer__input')
    expect(right).toBeGreaterThan(20 * (left + 1))
    await chat.page.press('Enter')
    await answers(1)
    await chat.idle()
    await chat.write('hello')
    const [latinLeft = 0, latinRight = 0] = await inkOf('.chat-composer__input')
    expect(latinLeft).toBeGreaterThan(20 * (latinRight + 1))
  })

  it('is reached by Tab with the buttons around it, and each does by key what it does by pointer', async () => {
    await open()
    await chat.tabTo('给我一份深圳两日游计划')
    await chat.press(' ')
    await answers(1)
    expect(asked()).toEqual(['给我一份深圳两日游计划'])
    await chat.idle()
    await chat.write('按键')
    await chat.tabTo('发送')
    await chat.press('Enter')
    await answers(2)
  })
})

describe('a conversation', () => {
  it('keeps an edited question and another answer as versions to turn to', async () => {
    await open()
    await ask('原来的问题')
    await chat.tap('编辑')
    await chat.page.waitFor(() => document.querySelector('.message-editor__field textarea') !== null)
    await chat.page.evaluate(() =>
      document.querySelector<HTMLTextAreaElement>('.message-editor__field textarea')!.select(),
    )
    await chat.page.type('.message-editor__field', '新的问题')
    await chat.press('Enter')
    await expect
      .poll(() => chat.texts('.chat-message__bubble'))
      .toEqual([expect.stringContaining('新的问题')])
    await chat.idle()
    expect(await chat.texts('.message-actions__version')).toEqual(['2 / 2'])
    await chat.tap('上一个版本')
    await expect.poll(() => chat.texts('.chat-message__bubble')).toEqual(['原来的问题'])
    await chat.tap('重新生成')
    await expect.poll(() => chat.texts('.message-actions__version')).toEqual(['1 / 2', '2 / 2'])
    expect(api.bodies).toHaveLength(3)
  })

  it('leads from a citation in an answer to its source', async () => {
    await open()
    await ask('据此[1]。')
    const links = await chat.page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('.chat-message--assistant .st-link')].map(
        (one) => `${one.textContent} ${one.href}`,
      ),
    )
    // In its reasoning, and in what it says.
    expect(links).toEqual(Array(2).fill('[1] https://example.com/a'))
  })

  it('runs a tool when the reader allows it, and not when not', async () => {
    await open()
    await ask('今天天气怎么样')
    await chat.has('.message-tool--asks')
    await chat.idle()
    await chat.tap('允许')
    await chat.has('.message-tool--done')
    await expect.poll(async () => (await chat.texts('.chat-message--assistant')).join()).toContain('26 °C')
    await chat.idle()
    await chat.tap('重新生成')
    await chat.has('.message-tool--asks')
    // What comes at the end of an answer moves the buttons.
    await chat.idle()
    await chat.tap('拒绝')
    await chat.has('.message-tool--denied')
    await expect.poll(async () => (await chat.texts('.chat-message--assistant')).join()).toContain('没有查询')
  })

  it('is found again after a reload, renamed, pinned, searched and deleted', async () => {
    await open()
    await ask('第一个话题')
    await chat.tap('新对话')
    await chat.has('.chat__welcome')
    await ask('第二个话题')
    await chat.page.reload()
    await expect.poll(() => chat.texts('.chat-message__bubble')).toEqual(['第二个话题'])
    expect(await chat.texts('.conversation-row__text')).toEqual(['第二个话题', '第一个话题'])

    await chat.tap('更多操作 第一个话题')
    await chat.tap('重命名')
    await chat.page.waitFor(() => document.querySelector('.conversation-row__field input') !== null)
    await chat.page.evaluate(() =>
      document.querySelector<HTMLInputElement>('.conversation-row__field input')!.select(),
    )
    await chat.page.type('.conversation-row__field', '改名')
    await chat.press('Enter')
    await expect
      .poll(() => chat.texts('.conversation-row__text'))
      .toContainEqual(expect.stringContaining('改名'))
    await chat.tap('更多操作')
    await chat.tap('置顶')
    await expect.poll(() => chat.texts('.chat-conversations__title')).toContain('置顶')

    await chat.page.type('.chat-conversations__field', '改名')
    await expect.poll(async () => (await chat.texts('.conversation-row__text')).length).toBe(1)
    await chat.tap('更多操作')
    await chat.tap('删除')
    await chat.tap('删除')
    await expect.poll(() => chat.texts('.chat-conversations__nothing')).toEqual(['没有找到'])
  })

  it('has the files that were added, once they are at the server', async () => {
    await open()
    const { page } = chat
    const path = join(mkdtempSync(join(tmpdir(), 'chat-')), 'a.png')
    writeFileSync(path, Buffer.from('89504e470d0a1a0a', 'hex'))
    await page.send('Page.setInterceptFileChooserDialog', { enabled: true })
    const chosen = new Promise<number>((resolve) => {
      page.on('Page.fileChooserOpened', ({ backendNodeId }) => resolve(Number(backendNodeId)))
    })
    await page.send('DOM.enable')
    await chat.tap('添加图片或文件')
    await page.send('DOM.setFileInputFiles', { files: [path], backendNodeId: await chosen })
    await chat.has('.attachment-strip__image')
    await page.waitFor(() => document.querySelector('.attachment-strip__state') === null)
    await chat.tap('发送')
    await answers(1)
    const [file] = api.bodies[0]?.messages[0]?.parts.filter(({ type }) => type === 'file') ?? []
    expect(file?.url).toMatch(/^\/api\/files\//)
    expect((await fetch(server.url + String(file?.url))).headers.get('content-type')).toBe('image/png')
  })

  it('has what was said into the microphone, as a sound that is played', async () => {
    await open()
    const { page } = chat
    await page.send('Browser.grantPermissions', { permissions: ['audioCapture'], origin: server.url })
    await chat.tap('语音输入')
    await page.waitFor(() =>
      /^0:0[1-9]/.test(document.querySelector('.voice-button__time')?.textContent ?? ''),
    )
    // Thought better of.
    await chat.tap('取消')
    await page.waitFor(() => document.querySelector('.voice-button__time') === null)
    expect(await chat.texts('.attachment-strip__name')).toEqual([])
    await chat.tap('语音输入')
    await page.waitFor(() =>
      /^0:0[1-9]/.test(document.querySelector('.voice-button__time')?.textContent ?? ''),
    )
    await chat.tap('完成录音')
    await expect.poll(() => chat.texts('.attachment-strip__name')).toEqual(['voice.webm'])
    await page.waitFor(() => document.querySelector('.attachment-strip__state') === null)
    await chat.tap('发送')
    await answers(1)
    const [file] = api.bodies[0]?.messages[0]?.parts.filter(({ type }) => type === 'file') ?? []
    const sent = await fetch(server.url + String(file?.url))
    expect(sent.headers.get('content-type')).toBe('audio/webm')
    expect((await sent.arrayBuffer()).byteLength).toBeGreaterThan(500)
    await chat.idle()
    await chat.tap('播放 voice.webm')
    await chat.has('.message-files__icon--pause')
    // It comes to its end by itself.
    await chat.has('.message-files__icon--play')
  })

  it('says so when the microphone is refused, and goes on without it', async () => {
    await open()
    const { page } = chat
    await page.send('Browser.setPermission', {
      permission: { name: 'microphone' },
      setting: 'denied',
      origin: server.url,
    })
    await chat.tap('语音输入')
    await page.waitFor(() => document.body.innerText.includes('无法录音'))
    await ask('打字')
    expect(asked()).toEqual(['打字'])
  })

  it('lists what is said while an answer is written, and sends it after', async () => {
    await open()
    await ask('先说一句')
    api.hold()
    await chat.write('慢慢回答')
    await chat.press('Enter')
    await chat.has('.chat-composer__send--stop')
    await chat.write('下一个')
    await chat.press('Enter')
    await expect.poll(() => chat.texts('.chat-composer__queued')).toEqual(['下一个'])
    expect(asked()).toHaveLength(2)
    api.release()
    await expect.poll(asked).toEqual(['先说一句', '慢慢回答', '下一个'])
    await expect.poll(() => chat.texts('.chat-composer__queued')).toEqual([])
  })
})

describe('while the next question is sent', () => {
  it('the list never jumps back over what was the newest answer', async () => {
    await open()
    await ask('长回答 '.repeat(200))
    await chat.page.evaluate(() => {
      const scroller = document.querySelector(
        '.chat-messages__scroll .uni-scroll-view-content',
      )!.parentElement!
      const seen = { tops: [scroller.scrollTop] }
      scroller.addEventListener('scroll', () => seen.tops.push(scroller.scrollTop))
      Object.assign(window, { seen })
    })
    await ask('下一个')
    const tops = await chat.page.evaluate(() => (window as unknown as { seen: { tops: number[] } }).seen.tops)
    expect(tops[0]).toBeGreaterThan(500)
    expect(Math.min(...tops)).toBe(tops[0])
    expect(Math.max(...tops)).toBeGreaterThan(tops[0] ?? 0)
  })
})

describe('keys that count anywhere on the page', () => {
  it('Escape stops the answer that is being written, once nothing else is to be left', async () => {
    await open()
    api.hold()
    await chat.write('慢慢回答')
    await chat.press('Enter')
    await chat.has('.chat-composer__send--stop')
    await chat.tap('编辑')
    await chat.page.waitFor(() => document.querySelector('.message-editor__field textarea') !== null)
    await chat.page.click('.message-editor__field')
    await chat.press('Escape')
    await chat.page.waitFor(() => document.querySelector('.message-editor') === null)
    await chat.has('.chat-composer__send--stop')
    await chat.press('Escape')
    await chat.idle()
    await chat.has('.streaming-text__note')
    api.release()
  })

  it('Ctrl+K begins a new chat, and what is typed next stands in its field', async () => {
    await open()
    await ask('第一个话题')
    await chat.press('k', 'ctrl')
    await chat.has('.chat__welcome')
    await chat.page.send('Input.insertText', { text: '第二个话题' })
    await chat.press('Enter')
    await answers(1)
    expect(asked()).toEqual(['第一个话题', '第二个话题'])
  })
})

it('code is coloured, also when its conversation is opened again, and its script comes only then', async () => {
  await open()
  const isLoaded = () =>
    chat.page.evaluate(() =>
      performance.getEntriesByType('resource').some(({ name }) => /code-languages/.test(name)),
    )
  expect(await isLoaded()).toBe(false)
  await ask('看\n```ts\nconst a = 1\n```')
  await chat.has('.st-hl--k')
  expect(await isLoaded()).toBe(true)
  await chat.page.reload()
  await chat.has('.st-hl--k')
})

describe('on a phone', () => {
  it('the list is a drawer that is out of reach until it is opened', async () => {
    await open(PHONE)
    await ask('你好')
    const isSeen = () =>
      chat.page.evaluate(() =>
        document.querySelector('.chat-side')!.checkVisibility({ visibilityProperty: true }),
      )
    expect(await isSeen()).toBe(false)
    await chat.tap('打开对话列表')
    await expect.poll(isSeen).toBe(true)
    await chat.press('Escape')
    await expect.poll(isSeen).toBe(false)
    await chat.tap('打开对话列表')
    await chat.tap('你好')
    await expect.poll(isSeen).toBe(false)
  })

  it('each button of the chat components is a target of 44 px or more', async () => {
    await open(PHONE)
    await ask('天气')
    await chat.tap('打开对话列表')
    await chat.tap('更多操作')
    await chat.has('.conversation-row__actions')
    const small = await chat.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[role=button],[role=link],textarea,input')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .filter((one) => !one.closest('.streaming-text') && one.tagName !== 'TEXTAREA')
        .map((one) => ({ name: one.className, box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
        .map(({ name, box }) => `${name} ${box.width}×${box.height}`),
    )
    expect(small).toEqual([])
  })
})

describe('axe finds nothing wrong', () => {
  for (const [name, viewport] of [
    ['on a desktop', DESKTOP],
    ['on a phone', PHONE],
  ] as const)
    for (const scheme of ['light', 'dark'] as const)
      it(`${name}, ${scheme}`, async () => {
        await open(viewport)
        await chat.page.setColorScheme(scheme)
        const check = async () => {
          await chat.page.evaluate(axe)
          return chat.page.evaluate(async () => {
            const { run } = (window as unknown as { axe: { run(): Promise<Result> } }).axe
            interface Result {
              violations: { id: string; nodes: { html: string }[] }[]
            }
            const { violations } = await run()
            return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)
          })
        }
        expect(await check()).toEqual([])
        await ask('你好')
        await ask('天气')
        expect(await check()).toEqual([])
      })
})
