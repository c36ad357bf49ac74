import type { Browser } from '../test/hosts/chromium/launch-chromium.js'
import type { Page } from '../test/hosts/chromium/page.js'
import { startScriptTimer, type ScriptTime } from './script-time.js'
import { startTaskTrace, type Task } from './task-times.js'

/** Between the page and its first piece, in milliseconds: what a framework needs to begin is not counted. */
const WAIT_MS = 3000
/** A run that takes longer than this, in milliseconds, is measured as far as it came. */
const PATIENCE_MS = 140_000
/** How often the end is looked for: asking is work, too. */
const ASK_MS = 4000

/** A page of `bench/app` and what it is to show. */
export interface Play {
  readonly url: string
  readonly path: string
  readonly pieces: readonly string[]
  readonly everyMs: number
}

interface Order extends Play {
  /** Times the CPU is slower. */
  readonly slower: number
  /** Pieces come by the clock, several at once for who is slow; else one a time. */
  readonly byClock: boolean
  readonly restored?: boolean
  /** Runs in the page before its own scripts. */
  readonly watch?: () => void
}

/** By the clock, on a slow CPU: the time between frames, in milliseconds, and every task. */
export function playClocked(browser: Browser, play: Play, slower: number) {
  return playIn(browser, { ...play, slower, byClock: true, watch: recordFrames }, async (page, toEnd) => {
    const stopTrace = await startTaskTrace(page)
    await toEnd()
    const tasks = await stopTrace()
    const frames = await page.evaluate(() => (window as unknown as { frames: readonly number[] }).frames)
    const elements = await page.evaluate(() => document.querySelectorAll('.play *').length)
    return { tasks, frames, elements }
  })
}

/** By the clock, the page always at its end, as a chat is: every task. The CPU is not slowed: its waits are CPU time, too. */
export function playFollowed(browser: Browser, play: Play): Promise<readonly Task[]> {
  return playIn(browser, { ...play, slower: 1, byClock: true, watch: follow }, async (page, toEnd) => {
    const stopTrace = await startTaskTrace(page)
    await toEnd()
    return stopTrace()
  })
}

/** Every piece by itself, however long it takes, on a slow CPU: time in scripts and in all tasks. */
export function playWhole(
  browser: Browser,
  play: Play,
  slower: number,
): Promise<ScriptTime & { readonly taskMs: number }> {
  return playIn(browser, { ...play, slower, byClock: false }, async (page, toEnd) => {
    await page.send('Performance.enable')
    const stopTimer = await startScriptTimer(page)
    const before = await taskMs(page)
    await toEnd()
    const after = await taskMs(page)
    return { ...(await stopTimer()), taskMs: after - before }
  })
}

export interface Restored {
  /** Milliseconds to the first frame in which the screen is full of text. */
  readonly screen: number
  /** Milliseconds to the last change of the page. */
  readonly last: number
  readonly elements: number
  readonly characters: number
}

/** All of it in one piece, as from storage, then nothing but waiting: nobody scrolls. */
export function playRestored(browser: Browser, play: Play, slower: number): Promise<Restored> {
  return playIn(
    browser,
    { ...play, slower, byClock: false, restored: true, watch: recordChanges },
    async (page, toEnd) => {
      await toEnd()
      const seen = () =>
        page.evaluate(() => ({
          ...(window as unknown as { seen: { screen: number; last: number } }).seen,
          elements: document.querySelectorAll('.play *').length,
          characters: document.querySelector('.play')?.textContent?.length ?? 0,
        }))
      let before = await seen()
      for (let waited = 0; waited < PATIENCE_MS; waited += ASK_MS) {
        await pause(ASK_MS)
        const now = await seen()
        if (now.last === before.last && now.last > 0) break
        before = now
      }
      return before
    },
  )
}

function recordChanges() {
  const seen = { screen: 0, last: 0 }
  Object.assign(window, { seen })
  const since = () => {
    const [mark] = performance.getEntriesByName('first piece')
    return mark ? performance.now() - mark.startTime : 0
  }
  new MutationObserver(() => {
    seen.last = since()
  }).observe(document, { childList: true, subtree: true, characterData: true })
  // In the frame behind, so its text has been painted.
  let isFull = false
  requestAnimationFrame(function look() {
    if (isFull) seen.screen = since()
    else isFull = since() > 0 && document.documentElement.scrollHeight > innerHeight
    if (!seen.screen) requestAnimationFrame(look)
  })
}

function recordFrames() {
  const frames: number[] = []
  Object.assign(window, { frames })
  let last = 0
  requestAnimationFrame(function tick(at) {
    if (last) frames.push(at - last)
    last = at
    requestAnimationFrame(tick)
  })
}

function follow() {
  requestAnimationFrame(function tick() {
    window.scrollTo(0, document.documentElement.scrollHeight)
    requestAnimationFrame(tick)
  })
}

async function taskMs(page: Page): Promise<number> {
  const { metrics } = await page.send('Performance.getMetrics')
  const task = (metrics as { name: string; value: number }[]).find(({ name }) => name === 'TaskDuration')
  return (task?.value ?? Number.NaN) * 1000
}

async function playIn<Result>(
  browser: Browser,
  { url, path, slower, watch, ...order }: Order,
  measure: (page: Page, toEnd: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const page = await browser.newPage()
  try {
    await page.setViewport({ width: 800, height: 900 })
    await page.addInitScript(
      (value: string) => localStorage.setItem('play', value),
      JSON.stringify({ type: 'object', data: { ...order, waitMs: WAIT_MS } }),
    )
    if (watch) await page.addInitScript(watch)
    await page.throttleCpu(slower)
    await page.goto(`${url}/#/pages/${path}/${path}`)
    await pause(WAIT_MS * 0.6)
    return await measure(page, async () => {
      for (let waited = 0; waited < PATIENCE_MS; waited += ASK_MS) {
        await pause(ASK_MS)
        if (await page.evaluate(() => document.querySelector('.play--done') !== null).catch(() => false))
          return
      }
    })
  } finally {
    await page.close()
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
