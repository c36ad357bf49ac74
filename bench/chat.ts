/**
 * A conversation: CPU time of a delta beside 500 messages and beside none, page and storage included; what is written to
 * storage for an answer, over the answer's own size; and opening, in Chromium on a CPU that is 4 times slower: 1,000
 * conversations are listed and one of 200 messages is shown.
 */
import { bundlePage } from '../test/helpers/bundle-page.js'
import { launchChromium } from '../test/hosts/chromium/launch-chromium.js'
import type { Page } from '../test/hosts/chromium/page.js'
import { startStaticServer } from '../test/hosts/static-server.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { cpuOfDeltas, writtenForAnswer } from './chat-page.js'
import type { Phase } from './chat-opening.js'
import { startTaskTrace } from './task-times.js'

const HISTORIES = [0, 500] as const
const ROUNDS = 9
/** Bytes of answers, in UTF-8. */
const ANSWERS = [1, 4, 16] as const
const SLOWER = 4
const OPENINGS = 3
const PHASES: readonly Phase[] = ['list', 'open', 'show']
const PROMISED_MS = 100

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

export default async function chat(): Promise<BenchResult> {
  const rows: Row[] = []
  const times = await deltaTimes()
  for (const [history, ms] of times)
    rows.push({ subject: `beside ${history} messages`, metric: 'cpu of a delta', value: ms, unit: 'µs' })
  const ratios: Record<string, number> = {
    delta_500_vs_0: rounded((times.get(500) ?? NaN) / (times.get(0) ?? NaN)),
  }
  for (const kilobytes of ANSWERS) {
    const { writtenBytes, answerBytes, writes } = await writtenForAnswer(kilobytes * 1024)
    const value = rounded(writtenBytes / answerBytes)
    rows.push({
      subject: `answer of ${kilobytes} KB`,
      metric: 'written',
      value,
      unit: `× in ${writes} writes`,
    })
    ratios['stored_over_text'] = Math.max(ratios['stored_over_text'] ?? 0, value)
  }
  for (const [device, times] of await openings()) {
    const subject = `opening, ${device}`
    const unit = `ms, CPU ÷ ${SLOWER}`
    rows.push({ subject, metric: 'list of 1,000', value: times.list, unit })
    rows.push({ subject, metric: '+ one of 200 messages', value: times.open, unit })
    rows.push({ subject, metric: '+ shown as text', value: times.show, unit })
    ratios[`open_over_${PROMISED_MS}_ms_${device}`] = rounded((times.list + times.open) / PROMISED_MS)
  }
  return { rows, ratios }
}

/** Both in turn, so that what else the machine does falls upon both. */
async function deltaTimes(): Promise<ReadonlyMap<number, number>> {
  const times = new Map<number, number[]>(HISTORIES.map((history) => [history, []]))
  for (const history of HISTORIES) await cpuOfDeltas(history)
  for (let round = 0; round < ROUNDS; round++)
    for (const history of HISTORIES) times.get(history)?.push(await cpuOfDeltas(history))
  return new Map([...times].map(([history, values]) => [history, rounded(median(values))]))
}

/** Of the page's thread, so that waits for a core do not count. */
async function openings(): Promise<
  readonly (readonly [device: string, times: Readonly<Record<Phase, number>>])[]
> {
  const script = await bundlePage(new URL('chat-opening.ts', import.meta.url).pathname)
  const html = '<!doctype html><div id="app"></div><script src="/page.js"></script>'
  const server = await startStaticServer({ files: { '/index.html': html, '/page.js': script } })
  const browser = await launchChromium()
  try {
    const results: [string, Record<Phase, number>][] = []
    for (const device of ['memory', 'localStorage'] as const) {
      const all: Record<Phase, number[]> = { list: [], open: [], show: [] }
      for (let opening = 0; opening < OPENINGS; opening++) {
        const page = await browser.newPage(`${server.url}/?device=${device}`)
        await page.evaluate(() => (window as never as { fill(): void }).fill())
        await page.throttleCpu(SLOWER)
        for (const phase of PHASES) all[phase].push(await timeOf(page, phase))
        await page.close()
      }
      const [list, open, show] = PHASES.map((phase) => rounded(median(all[phase])))
      results.push([device, { list: list ?? NaN, open: open ?? NaN, show: show ?? NaN }])
    }
    return results
  } finally {
    await browser.close()
    await server.close()
  }
}

async function timeOf(page: Page, phase: Phase): Promise<number> {
  const stopTrace = await startTaskTrace(page)
  await page.evaluate((name: Phase) => (window as never as { run(phase: Phase): void }).run(name), phase)
  const tasks = await stopTrace()
  return Math.max(...tasks.map(({ cpuMs }) => cpuMs))
}
