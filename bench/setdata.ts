/**
 * Bytes that cross to the view of a mini-program while an answer streams, as a multiple of the text's own:
 * the compiled component in the host, one flush every 20 characters, every `setData` of every component and
 * page counted. `string` is the plain `:content="text"`, of which the build makes a getter; `rendered` is what it
 * costs where nothing does. Beside the two usual strategies, built as small pages; and the demo's whole chat page. On App, what the framework sends to
 * the page's WebView once the page is there.
 */
import { launchApp } from '../test/hosts/app/launch-app.js'
import { launchChromium } from '../test/hosts/chromium/launch-chromium.js'
import { createMiniProgram } from '../test/hosts/mini-program/create-mini-program.js'
import type { MiniProgramPlatformName } from '../test/hosts/mini-program/platform-files.js'
import type { SetDataStats } from '../test/hosts/mini-program/set-data-meter.js'
import { buildWithComponents } from '../test/streaming-text/build-app.js'
import { progress, rounded, type BenchResult, type Row } from './bench.js'
import { playDemoPage } from './demo-page.js'
import { corpora, piecesOf } from './play-pieces.js'

/** Twice what the component waits between two flushes, so that every piece is one. */
const EVERY_MS = 100
const SPEED = 25
/** Between two events on the demo page: five of them are a flush. */
const DEMO_EVERY_MS = 10

/** Bytes do not depend on the pace, so the wait is not worth having: all clocks run faster. */
function speedUp(): () => void {
  const { setTimeout: realTimeout, setInterval: realInterval } = globalThis
  const realNow = Date.now
  const begun = performance.now()
  const began = realNow()
  Date.now = () => began + (performance.now() - begun) * SPEED
  const scaled = (real: typeof setTimeout) =>
    ((run: () => void, ms = 0, ...rest: []) => real(run, ms / SPEED, ...rest)) as typeof setTimeout
  globalThis.setTimeout = scaled(realTimeout)
  globalThis.setInterval = scaled(
    realInterval as unknown as typeof setTimeout,
  ) as unknown as typeof setInterval
  return () => {
    globalThis.setTimeout = realTimeout
    globalThis.setInterval = realInterval
    Date.now = realNow
  }
}

async function play(
  folder: string,
  page: string,
  pieces: readonly string[],
  platform: MiniProgramPlatformName = 'weixin',
) {
  const app = createMiniProgram(folder, { platform, storage: { play: { pieces, everyMs: EVERY_MS } } })
  const before = process.cpuUsage()
  const realTime = speedUp()
  try {
    await app.start(`pages/${page}/${page}`)
    await app.waitFor(() => /play--done/.test(app.find('.play').className), { timeoutMs: 400_000 })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const { user, system } = process.cpuUsage(before)
    if (app.errors.length) throw new Error(app.errors.join('\n'))
    return { stats: app.setDataStats(), cpuMs: (user + system) / 1000 }
  } finally {
    realTime()
    await app.close()
  }
}

export default async function setData(): Promise<BenchResult> {
  progress('building for weixin')
  const folder = await buildWithComponents('bench/app', 'mp-weixin')
  const rows: Row[] = []
  const ratios: Record<string, number> = {}
  for (const [name, text] of Object.entries(corpora)) {
    // What sends everything at every piece gets less of it, or it would take minutes.
    for (const [page, kilobytes] of [
      ['getter', 27],
      ['string', 27],
      ['rendered', 27],
      ['tokens', 9],
      ['html', 9],
    ] as const) {
      progress(`${page}, ${name}`)
      const pieces = piecesOf(text, kilobytes, 20)
      const bytes = Buffer.byteLength(pieces.join(''))
      const { stats, cpuMs } = await play(folder, page, pieces)
      expectOneFlushEach(stats, pieces)
      const ratio = rounded(stats.bytes / bytes)
      rows.push({
        subject: page,
        metric: `bytes_${name}`,
        value: ratio,
        unit: `× ${Math.round(bytes / 1024)} KB`,
      })
      rows.push({ subject: page, metric: `calls_${name}`, value: stats.calls, unit: `for ${pieces.length}` })
      rows.push({ subject: page, metric: `cpu_${name}`, value: cpuMs, unit: 'ms, view included' })
      if (page === 'getter') ratios[`bytes_${name}`] = ratio
      if (page === 'string') ratios[`bytes_${name}_string`] = ratio
    }
  }
  rows.push(...(await otherVendors(ratios)), ...(await demoPage(ratios)), ...(await onApp(ratios)))
  return { rows, ratios }
}

/** Where the view's scripts are SJS. */
async function otherVendors(ratios: Record<string, number>): Promise<Row[]> {
  const rows: Row[] = []
  for (const platform of ['alipay', 'toutiao'] as const) {
    progress(`building for ${platform}`)
    const folder = await buildWithComponents('bench/app', `mp-${platform}`)
    for (const [name, text] of Object.entries(corpora)) {
      progress(`getter on ${platform}, ${name}`)
      const pieces = piecesOf(text, 27, 20)
      const bytes = Buffer.byteLength(pieces.join(''))
      const { stats } = await play(folder, 'getter', pieces, platform)
      expectOneFlushEach(stats, pieces)
      const value = rounded(stats.bytes / bytes)
      const unit = `× ${Math.round(bytes / 1024)} KB`
      ratios[`bytes_${name}_${platform}`] = value
      rows.push({ subject: `getter on ${platform}`, metric: `bytes_${name}`, value, unit })
    }
  }
  return rows
}

/** Everything that the demo's chat page sets for one answer, of events of 4 characters, in real time. */
async function demoPage(ratios: Record<string, number>): Promise<Row[]> {
  const pieces = piecesOf(Object.values(corpora).join('\n\n'), 12, 4)
  const bytes = Buffer.byteLength(pieces.join(''))
  progress('building the demo, and playing its chat page')
  const stats = await playDemoPage(pieces, DEMO_EVERY_MS)
  const unit = `× ${Math.round(bytes / 1024)} KB`
  const parts = Object.entries(stats.byComponent).map(([name, part]) => ({
    subject: 'demo page',
    metric: `bytes of ${name.slice(name.lastIndexOf('/') + 1)}`,
    value: rounded(part.bytes / bytes),
    unit,
  }))
  ratios['bytes_demo_page'] = rounded(stats.bytes / bytes)
  const value = ratios['bytes_demo_page']
  return [{ subject: 'demo page', metric: 'bytes', value, unit }, ...parts]
}

/** In real time, so with less text. */
async function onApp(ratios: Record<string, number>): Promise<Row[]> {
  const rows: Row[] = []
  progress('building for app')
  const folder = await buildWithComponents('bench/app', 'app')
  const browser = await launchChromium()
  try {
    for (const [name, text] of Object.entries(corpora)) {
      progress(`getter on app, ${name}`)
      const pieces = piecesOf(text, 9, 20)
      const bytes = Buffer.byteLength(pieces.join(''))
      const app = await launchApp(browser, folder, { storage: { play: { pieces, everyMs: 60 } } })
      await app.start('pages/getter/getter')
      await app.resetBridge()
      await app.waitFor(async () => (await app.count('.play--done')) > 0, { timeoutMs: 400_000 })
      const { toView } = await app.bridgeStats()
      await app.close()
      if (toView.messages < pieces.length * 0.5)
        throw new Error(`pieces were joined: ${toView.messages} of ${pieces.length}`)
      const value = rounded(toView.bytes / bytes)
      ratios[`bytes_${name}_app`] = value
      rows.push({
        subject: 'getter on app',
        metric: `bytes_${name}`,
        value,
        unit: `× ${Math.round(bytes / 1024)} KB`,
      })
    }
  } finally {
    await browser.close()
  }
  return rows
}

function expectOneFlushEach({ byComponent }: SetDataStats, pieces: readonly string[]) {
  const found = byComponent['components/streaming-text/log-unit']
  if (found && found.calls < pieces.length * 0.5)
    throw new Error(`pieces were joined: ${found.calls} of ${pieces.length}`)
}
