import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildFixture } from '../build.js'
import { FIXTURE_TEXT } from '../fixture-api.js'
import { startFixtureServer } from '../fixture-server.js'
import { findChromium } from './chromium-process.js'
import { type Browser, launchChromium } from './launch-chromium.js'
import type { Page } from './page.js'

let server: Awaited<ReturnType<typeof startFixtureServer>>
let browser: Browser
let page: Page

beforeAll(async () => {
  const [folder, launched] = await Promise.all([buildFixture('h5'), launchChromium()])
  browser = launched
  server = await startFixtureServer({ folder })
  page = await browser.newPage()
  await page.setViewport({ width: 375, height: 812, mobile: true, deviceScaleFactor: 2 })
  await page.addInitScript(() => {
    const events: string[] = []
    Object.assign(window, { events })
    const record = (target: EventTarget, names: string[]) =>
      names.forEach((name) => target.addEventListener(name, () => events.push(name)))
    record(document, ['visibilitychange', 'freeze', 'resume'])
    record(window, ['online', 'offline'])
  })
  await page.goto(`${server.url}/#/pages/index/index`)
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const hooks = () => page.evaluate(() => document.querySelector('.hooks')?.textContent?.split(' ') ?? [])
const events = () => page.evaluate(() => (window as unknown as { events: string[] }).events)

describe('a compiled H5 app in Chromium', () => {
  test('a click reaches the button and changes the text', async () => {
    await page.click('.add')
    await page.click('.add')
    await page.waitFor(() => document.body.innerText.includes('count 2'))
  })

  test('typed Chinese text reaches the model', async () => {
    await page.type('.name input', '小明')
    await page.waitFor(() => document.body.innerText.includes('hello 小明'))
  })

  test('a chunked request gets its text in several chunks', async () => {
    await page.click('.steps')
    for (const count of [1, 2, 3]) {
      await expect.poll(() => server.api.open()).toBe(1)
      server.api.step()
      await page.waitFor(
        (wanted: number) => document.querySelector('.chunks')?.textContent?.startsWith(`${wanted} `),
        {},
        count,
      )
    }
    server.api.finish()
    await page.waitFor(() => document.querySelector('.outcome')?.textContent?.startsWith('success'))
    const hex = await page.evaluate(() => document.querySelector('.hex')?.textContent ?? '')
    expect(Buffer.from(hex, 'hex').toString()).toBe(FIXTURE_TEXT)
    const [, count, kind] = /(\d+) chunks of (\w+)/.exec(await page.text()) ?? []
    expect(Number(count)).toBeGreaterThan(2)
    expect(kind).toBe('Uint8Array')
  })

  test('navigation loads the second page and back returns', async () => {
    await page.click('.nav')
    await page.waitFor(() => document.body.innerText.includes('detail 7'))
    await page.click('.back')
    await page.waitFor(() => !location.hash.includes('detail'))
    expect((await hooks()).slice(-2)).toEqual(['detail.onUnload', 'index.onShow'])
  })

  test('hide makes the page hidden and runs the hide hooks; show undoes both', async () => {
    await page.hide()
    expect(await page.evaluate(() => document.visibilityState)).toBe('hidden')
    expect((await hooks()).slice(-3).sort()).toEqual(['app.onHide', 'index.onHide', 'uni.onAppHide'])
    await page.show()
    expect((await hooks()).slice(-3).sort()).toEqual(['app.onShow', 'index.onShow', 'uni.onAppShow'])
  })

  test('freeze hides the page first, and the page hears of freezing and resuming', async () => {
    const before = (await events()).length
    await page.freeze()
    await page.resume()
    await page.show()
    expect((await events()).slice(before)).toEqual([
      'visibilitychange',
      'freeze',
      'resume',
      'visibilitychange',
    ])
  })

  test('offline fires its event and fails new requests', async () => {
    await page.setOffline(true)
    await page.waitFor(() => !navigator.onLine)
    expect(await events()).toContain('offline')
    expect(await page.evaluate(() => fetch('/').then(String, (error: unknown) => String(error)))).toMatch(
      /TypeError/,
    )
    await page.setOffline(false)
    await page.waitFor(() => navigator.onLine)
    expect(await events()).toContain('online')
  })

  test('destroyed sockets cut an open stream', async () => {
    const before = server.api.aborted()
    await page.click('.steps')
    await expect.poll(() => server.api.open()).toBe(1)
    server.api.step()
    await page.waitFor(() => /^[1-9]/.test(document.querySelector('.chunks')?.textContent ?? ''))
    expect(server.destroySockets()).toBeGreaterThan(0)
    await expect.poll(() => server.api.aborted()).toBe(before + 1)
  })

  test('the colour scheme, CPU rate and heap are the ones asked for', async () => {
    await page.setColorScheme('dark')
    expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
    await page.setColorScheme('light')
    await page.throttleCpu(4)
    await page.throttleCpu(1)
    const before = await page.heapUsedBytes()
    await page.evaluate(
      () => void Object.assign(window, { ballast: Array.from({ length: 500_000 }, () => ({})) }),
    )
    expect(await page.heapUsedBytes()).toBeGreaterThan(before + 4_000_000)
  })

  test('a screenshot is a PNG of the viewport in device pixels', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'host-shot-'))
    await page.screenshot(join(folder, 'page.png'))
    const png = readFileSync(join(folder, 'page.png'))
    rmSync(folder, { recursive: true })
    expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      'PNG',
      750,
      1624,
    ])
  })
})

describe('the driver', () => {
  test('evaluate passes arguments and throws what the page threw', async () => {
    expect(await page.evaluate((a: number, b: string) => `${b}${a}`, 1, '文')).toBe('文1')
    const fail = page.evaluate(() => {
      throw new RangeError('from the page')
    })
    await expect(fail).rejects.toThrow(/RangeError: from the page/)
  })

  test('a wait that times out tells the text, the console errors and the exceptions', async () => {
    const other = await browser.newPage(`${server.url}/missing.html`)
    await other.evaluate(() => {
      console.error('logged trouble')
      setTimeout(() => {
        throw new Error('thrown trouble')
      })
      document.body.textContent = 'what is shown'
    })
    await expect.poll(() => other.errors).toHaveLength(1)
    const wait = other.waitFor(() => false, { timeoutMs: 100 })
    await expect(wait).rejects.toThrow(/100 ms[^]*what is shown[^]*logged trouble[^]*thrown trouble/)
    await other.close()
  })

  test('a missing binary is explained in one line', () => {
    vi.stubEnv('CHROMIUM', '/nowhere/chromium')
    expect(() => findChromium()).toThrow(
      /^Chromium not found: install it .*\(CHROMIUM=\/nowhere\/chromium .*\)$/,
    )
    vi.unstubAllEnvs()
  })

  test('close ends the process', async () => {
    const short = await launchChromium()
    await short.newPage('about:blank')
    await short.close()
    expect(existsSync(`/proc/${short.pid}`)).toBe(false)
  })

  test('a terminated test process takes its browser and the profile along', async () => {
    const script = `
      const { launchChromium } = await import(${JSON.stringify(new URL('launch-chromium.ts', import.meta.url).href)})
      console.log((await launchChromium()).pid)
      setInterval(() => {}, 1000)`
    const folder = mkdtempSync(join(tmpdir(), 'host-signal-'))
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (data) => resolve(Number(data))),
    )
    expect(existsSync(`/proc/${pid}`)).toBe(true)
    const ended = once(parent, 'exit')
    parent.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false)
    await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith('host-'))).toEqual([])
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  })
})
