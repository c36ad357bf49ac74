/**
 * What a 100 KB answer costs a browser whose CPU is four times slower, beside two other renderers in one run:
 * at 30 flushes a second by the clock, time of frames and long tasks after the first second; and time in
 * scripts when every one of 150 larger flushes is applied, since by the clock who is slow does less.
 *
 * All three get the same pieces at the same times, show markdown without coloured code, and live in a page of
 * uni-app. What `v-html` saves in scripts it has the browser's HTML parser do: that time is a row of its own, and
 * left out of the comparison with us, which has no such part.
 */
import { launchChromium, type Browser } from '../test/hosts/chromium/launch-chromium.js'
import type { Page } from '../test/hosts/chromium/page.js'
import { startStaticServer } from '../test/hosts/static-server.js'
import { buildWithComponents } from '../test/streaming-text/build-app.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { corpora, piecesOf } from './play-pieces.js'
import { startScriptTimer } from './script-time.js'

const SLOWER = 4
const EVERY_MS = 1000 / 30
const SECONDS = 20
const FLUSHES = 150
/** Between the page and its first piece: what a framework needs to begin is not counted. */
const WAIT_MS = 3000
const subjects = { ours: 'getter', markstream: 'markstream', vhtml: 'html' } as const

interface Measured {
  readonly frames: readonly number[]
  readonly longTasks: readonly number[]
}

async function taskMs(page: Page): Promise<number> {
  const { metrics } = await page.send('Performance.getMetrics')
  const task = (metrics as { name: string; value: number }[]).find(({ name }) => name === 'TaskDuration')
  return (task?.value ?? Number.NaN) * 1000
}

async function measure(
  browser: Browser,
  url: string,
  path: string,
  pieces: readonly string[],
  byClock: boolean,
) {
  const page = await browser.newPage()
  try {
    await page.setViewport({ width: 800, height: 900 })
    const data = { pieces, everyMs: byClock ? EVERY_MS : EVERY_MS * 2, byClock, waitMs: WAIT_MS }
    await page.addInitScript(
      (value: string) => localStorage.setItem('play', value),
      JSON.stringify({ type: 'object', data }),
    )
    await page.addInitScript(
      (isClocked: boolean, waitMs: number) => {
        const measured = { frames: [] as number[], longTasks: [] as number[] }
        Object.assign(window, { measured })
        // Watching is scripting, too.
        if (!isClocked) return
        let last = 0
        requestAnimationFrame(function tick(at) {
          if (last) measured.frames.push(at - last)
          last = at
          requestAnimationFrame(tick)
        })
        new PerformanceObserver((list) => {
          for (const { startTime, duration } of list.getEntries())
            if (startTime > waitMs + 1000) measured.longTasks.push(duration)
        }).observe({ type: 'longtask' })
      },
      byClock,
      WAIT_MS,
    )
    await page.send('Performance.enable')
    await page.throttleCpu(SLOWER)
    await page.goto(`${url}/#/pages/${path}/${path}`)
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS * 0.6))
    // The profiler is work, too.
    const stopTimer = byClock ? undefined : await startScriptTimer(page)
    const before = await taskMs(page)
    // Rarely: asking is work, too.
    for (let second = 0; second < SECONDS + 120; second += 4) {
      await new Promise((resolve) => setTimeout(resolve, 4000))
      const isDone = await page
        .evaluate(() => document.querySelector('.play--done') !== null)
        .catch(() => false)
      if (isDone) break
    }
    const after = await taskMs(page)
    const time = await stopTimer?.()
    const { frames, longTasks } = await page.evaluate(
      () => (window as unknown as { measured: Measured }).measured,
    )
    const sorted = [...frames].sort((a, b) => a - b)
    return {
      script: (time?.scriptMs ?? 0) - (time?.htmlParserMs ?? 0),
      parser: time?.htmlParserMs ?? 0,
      task: after - before,
      p95: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
      longTasks: longTasks.length,
      longest: Math.max(0, ...longTasks),
      nodes: await page.evaluate(() => document.querySelectorAll('.play *').length),
    }
  } finally {
    await page.close()
  }
}

export default async function frames(): Promise<BenchResult> {
  const folder = await buildWithComponents('bench/app', 'h5')
  const server = await startStaticServer({ folder })
  const browser = await launchChromium()
  const rows: Row[] = []
  const figure = (subject: string, metric: string) =>
    rows.find((row) => row.subject === subject && row.metric === metric)?.value ?? Number.NaN
  try {
    const mixed = Object.values(corpora).join('\n\n')
    const small = piecesOf(mixed, 100, Math.ceil((75 * 1024) / (30 * SECONDS)))
    const large = piecesOf(mixed, 100, (75 * 1024) / FLUSHES)
    for (const [subject, path] of Object.entries(subjects)) {
      const clocked = await measure(browser, server.url, path, small, true)
      const whole = await measure(browser, server.url, path, large, false)
      rows.push(
        { subject, metric: 'frame_p95', value: clocked.p95, unit: 'ms' },
        {
          subject,
          metric: 'long_tasks',
          value: clocked.longTasks,
          unit: 'over 50 ms after the first second',
        },
        { subject, metric: 'longest_task', value: clocked.longest, unit: 'ms' },
        { subject, metric: 'elements', value: clocked.nodes, unit: '' },
        { subject, metric: 'scripting', value: whole.script, unit: 'ms, HTML parser apart' },
        { subject, metric: 'html_parser', value: whole.parser, unit: 'ms' },
        { subject, metric: 'tasks', value: whole.task, unit: 'ms' },
      )
    }
  } finally {
    await browser.close()
    await server.close()
  }
  const against = (metric: string, other: string) => rounded(figure('ours', metric) / figure(other, metric))
  return {
    rows,
    ratios: {
      p95_vs_markstream: against('frame_p95', 'markstream'),
      p95_vs_vhtml: against('frame_p95', 'vhtml'),
      scripting_vs_markstream: against('scripting', 'markstream'),
      scripting_vs_vhtml: against('scripting', 'vhtml'),
      tasks_vs_markstream: against('tasks', 'markstream'),
      tasks_vs_vhtml: against('tasks', 'vhtml'),
      long_tasks: figure('ours', 'long_tasks'),
    },
  }
}
