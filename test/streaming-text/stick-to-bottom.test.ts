import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import { startStaticServer, type StaticServer } from '../hosts/static-server.js'
import { launchMiniProgram } from '../hosts/mini-program/chromium/launch-mini-program.js'
import { buildPlayApp } from './build-app.js'

/** A scroll-view in a real browser, with a reader's wheel, finger and keys. */
let browser: Browser
let server: StaticServer
let page: Page
let closePage: () => Promise<void>
/** Answers who asked for the image, which until then waits. */
let sendImage: (() => void) | undefined
beforeAll(async () => {
  browser = await launchChromium()
  server = await startStaticServer({
    folder: await buildPlayApp('h5'),
    api: (_request, response) => {
      sendImage = () => {
        response.writeHead(200, { 'content-type': 'image/svg+xml', 'access-control-allow-origin': '*' })
        response.end('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>')
      }
    },
  })
})
afterEach(() => closePage())
afterAll(async () => {
  await browser.close()
  await server.close()
})

const IMAGE = '/api/late.svg'
async function imageArrives() {
  await vi.waitFor(() => expect(sendImage).toBeDefined())
  sendImage?.()
}

async function open({ mobile = false, height = 600, image = '' } = {}) {
  sendImage = undefined
  page = await browser.newPage()
  closePage = () => page.close()
  if (image) await page.addInitScript((src: string) => localStorage.setItem('image', src), image)
  await page.setViewport({ width: 400, height, mobile })
  await page.goto(`${server.url}/#/pages/scroll/scroll`)
  await page.waitFor(() => document.querySelectorAll('.scroll__line').length === 60)
  await page.click('.scroll__grow')
  await atEnd()
}

interface Place {
  readonly top: number
  /** Pixels below what is visible. */
  readonly below: number
  readonly lines: number
  readonly height: number
}
const place = () =>
  page.evaluate((): Place => {
    const scroller = [...document.querySelectorAll('.scroll__view, .scroll__view *')].find(
      (one) => getComputedStyle(one).overflowY === 'auto' || getComputedStyle(one).overflowY === 'scroll',
    ) as HTMLElement
    return {
      top: scroller.scrollTop,
      below: scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight,
      lines: document.querySelectorAll('.scroll__line').length,
      height: scroller.scrollHeight,
    }
  })
const until = async (what: string, holds: (now: Place) => boolean) => {
  let last: Place | undefined
  const deadline = Date.now() + 30_000
  for (;;) {
    last = await place()
    if (holds(last)) return last
    if (Date.now() > deadline) throw new Error(`${what}: ${JSON.stringify(last)}`)
  }
}
const atEnd = () => until('not at the end', ({ below }) => below < 2)
const offersWayBack = () => page.evaluate(() => document.querySelector('.scroll__back') !== null)
const frames = (count: number) =>
  page.evaluate(async (left: number) => {
    for (let frame = 0; frame < left; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  }, count)

const wheel = (deltaY: number) =>
  page.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 200, y: 300, deltaX: 0, deltaY })

const moves = {
  wheel: () => wheel(-300),
  touch: async () => {
    const touch = (type: string, y?: number) =>
      page.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 200, y }] })
    await touch('touchStart', 200)
    for (let y = 220; y <= 480; y += 20) {
      await touch('touchMove', y)
      await frames(1)
    }
    await touch('touchEnd')
  },
  keys: async () => {
    await page.clickAt({ x: 200, y: 300 })
    await page.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'PageUp',
      code: 'PageUp',
      windowsVirtualKeyCode: 33,
    })
    await page.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key: 'PageUp',
      code: 'PageUp',
      windowsVirtualKeyCode: 33,
    })
  },
}

/** While lines come, the view must not move by itself. */
async function staysWhileItGrows() {
  await frames(30)
  const before = await place()
  const after = await until('nothing grew', ({ lines }) => lines >= before.lines + 8)
  expect(after.top).toBe(before.top)
  expect(after.below).toBeGreaterThan(before.below)
}

describe('a scroll-view that sticks to the bottom', () => {
  it('follows the stream', async () => {
    await open()
    await page.click('.scroll__stream')
    const { lines } = await place()
    await until('nothing grew', (now) => now.lines >= lines + 20)
    await page.click('.scroll__stream')
    await atEnd()
    expect(await offersWayBack()).toBe(false)
  })

  it.each(['wheel', 'touch', 'keys'] as const)(
    'lets go of a reader who moves up by %s while it grows, and brings him back when asked',
    async (by) => {
      await open({ mobile: by === 'touch' })
      await page.click('.scroll__stream')
      await until('nothing grew', ({ lines }) => lines > 64)
      await moves[by]()
      await page.waitFor(() => document.querySelector('.scroll__back') !== null)
      await staysWhileItGrows()
      await page.click('.scroll__back')
      await until('not brought back', ({ below }) => below < 60)
      await page.click('.scroll__stream')
      await atEnd()
      expect(await offersWayBack()).toBe(false)
    },
  )

  it('lets go of a reader who moves up by a little', async () => {
    await open()
    await wheel(-20)
    await page.waitFor(() => document.querySelector('.scroll__back') !== null)
    await page.click('.scroll__grow')
    await frames(10)
    expect((await place()).below).toBeGreaterThan(30)
  })

  it('follows again a reader who comes back to the end', async () => {
    await open()
    await wheel(-200)
    await page.waitFor(() => document.querySelector('.scroll__back') !== null)
    await wheel(400)
    await page.waitFor(() => document.querySelector('.scroll__back') === null)
    await page.click('.scroll__grow')
    await atEnd()
  })

  it.each([
    ['the window gets higher', () => page.setViewport({ width: 400, height: 760 })],
    ['the window gets lower, as by a keyboard', () => page.setViewport({ width: 400, height: 420 })],
    ['the window gets narrower', () => page.setViewport({ width: 300, height: 600 })],
  ])('goes on following when %s', async (_what, resize) => {
    await open()
    await resize()
    await frames(10)
    await page.click('.scroll__grow')
    await atEnd()
    expect(await offersWayBack()).toBe(false)
  })

  it('goes on following when a composer below it shrinks', async () => {
    await open()
    await page.click('.scroll__compose')
    await page.click('.scroll__grow')
    await atEnd()
    await page.click('.scroll__compose')
    await frames(10)
    expect(await offersWayBack()).toBe(false)
    await page.click('.scroll__grow')
    await atEnd()
  })

  it('does not move what a reader reads when something above it grows', async () => {
    await open()
    await wheel(-300)
    await page.waitFor(() => document.querySelector('.scroll__back') !== null)
    await frames(30)
    const before = await place()
    await page.click('.scroll__above')
    await frames(10)
    const after = await place()
    expect(after.below).toBe(before.below)
    expect(await offersWayBack()).toBe(true)
  })

  it('keeps to the end when two parts of a page ask for it at once', async () => {
    await open()
    for (let time = 0; time < 3; time++) {
      await page.click('.scroll__twice')
      await atEnd()
    }
  })

  it('keeps to the end when an image arrives there after all text', async () => {
    await open({ image: IMAGE })
    const { height } = await place()
    await imageArrives()
    await until('no image', (now) => now.height > height + 200)
    await atEnd()
    expect(await offersWayBack()).toBe(false)
  })

  it('keeps to the end when the view gets lower, as by a keyboard, and nothing comes', async () => {
    await open()
    await page.setViewport({ width: 400, height: 420 })
    await atEnd()
    expect(await offersWayBack()).toBe(false)
  })

  it('does not move a reader elsewhere when an image arrives', async () => {
    await open({ image: IMAGE })
    await wheel(-300)
    await page.waitFor(() => document.querySelector('.scroll__back') !== null)
    await frames(30)
    const before = await place()
    await imageArrives()
    await until('no image', (now) => now.height > before.height + 200)
    await frames(10)
    expect((await place()).top).toBe(before.top)
    expect(await offersWayBack()).toBe(true)
  })

  it('shows the reader what he opens, rather than the end', async () => {
    await open()
    const before = await place()
    await page.click('.scroll__fold')
    await until('nothing opened', (now) => now.height > before.height + 100)
    await frames(10)
    expect((await place()).top).toBe(before.top)
    await page.click('.scroll__grow')
    await atEnd()
  })

  it('keeps to the end when something above it grows', async () => {
    await open()
    await page.click('.scroll__above')
    await page.click('.scroll__grow')
    await atEnd()
    expect(await offersWayBack()).toBe(false)
  })
})

describe('in a mini-program, as far as its scroll-view tells', () => {
  let folder: string
  beforeAll(async () => {
    folder = await buildPlayApp('mp-weixin')
  })

  it('follows, lets go of a reader, brings him back, and is not misled by a composer that shrinks', async () => {
    const app = await launchMiniProgram(browser, folder)
    page = app.page
    closePage = () => app.close()
    await app.start('pages/scroll/scroll')
    await app.waitFor(async () => (await place()).lines === 60)
    await app.tap('.scroll__grow')
    await atEnd()

    await app.tap('.scroll__compose')
    await app.tap('.scroll__grow')
    await atEnd()
    await app.tap('.scroll__compose')
    await frames(10)
    expect(await offersWayBack()).toBe(false)

    await app.tap('.scroll__stream')
    await until('nothing grew', ({ lines }) => lines > 66)
    // Not by touch: the host hears no tap after one that scrolled.
    await moves.wheel()
    await app.waitFor(offersWayBack)
    await staysWhileItGrows()
    await app.tap('.scroll__back')
    await until('not brought back', ({ below }) => below < 60)
    await app.tap('.scroll__stream')
    await atEnd()
    expect(await offersWayBack()).toBe(false)
    expect(await app.errors()).toEqual([])
  })

  it('keeps to the end when an image arrives there after all text', async () => {
    sendImage = undefined
    const app = await launchMiniProgram(browser, folder, { storage: { image: `${server.url}${IMAGE}` } })
    page = app.page
    closePage = () => app.close()
    await app.start('pages/scroll/scroll')
    await app.waitFor(async () => (await place()).lines === 60)
    await app.tap('.scroll__grow')
    await atEnd()
    const { height } = await place()
    await imageArrives()
    await until('no image', (now) => now.height > height + 20)
    await atEnd()
    expect(await offersWayBack()).toBe(false)
    expect(await app.errors()).toEqual([])
  })
})
