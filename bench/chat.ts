/**
 * A conversation: CPU time of a delta beside 500 messages and beside none, page and storage included; what is written to
 * storage for an answer, over the answer's own size; and opening, in Chromium on a CPU that is 4 times slower: 1,000
 * conversations are listed and one of 200 messages is shown.
 */
import { bundlePage } from '../test/helpers/bundle-page.js'
import { launchChromium } from '../test/hosts/chromium/launch-chromium.js'
import { startStaticServer } from '../test/hosts/static-server.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { cpuOfDeltas, writtenForAnswer } from './chat-page.js'
import type { OpeningTimes } from './chat-opening.js'

const HISTORIES = [0, 500] as const
const ROUNDS = 15
/** Bytes of answers, in UTF-8. */
const ANSWERS = [1, 4, 16] as const
const SLOWER = 4
const OPENINGS = 7
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
  for (const [device, { listMs, openMs, shownMs }] of await openings()) {
    const subject = `opening, ${device}`
    rows.push({ subject, metric: 'list of 1,000', value: listMs, unit: `ms, CPU ÷ ${SLOWER}` })
    rows.push({ subject, metric: '+ one of 200 messages', value: openMs, unit: `ms, CPU ÷ ${SLOWER}` })
    rows.push({ subject, metric: '+ shown as text', value: shownMs, unit: `ms, CPU ÷ ${SLOWER}` })
    ratios[`open_over_${PROMISED_MS}_ms_${device}`] = rounded((listMs + openMs) / PROMISED_MS)
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

/** The fastest of some: what is slower has waited for a core, since the page knows the clock only. */
async function openings(): Promise<readonly (readonly [device: string, times: OpeningTimes])[]> {
  const script = await bundlePage(new URL('chat-opening.ts', import.meta.url).pathname)
  const server = await startStaticServer({
    files: {
      '/index.html': '<!doctype html><div id="app"></div><script src="/page.js"></script>',
      '/page.js': script,
    },
  })
  const browser = await launchChromium()
  try {
    const results: [string, OpeningTimes][] = []
    for (const device of ['memory', 'localStorage'] as const) {
      const all: OpeningTimes[] = []
      for (let opening = 0; opening < OPENINGS; opening++) {
        const page = await browser.newPage()
        await page.goto(`${server.url}/?device=${device}`)
        await page.evaluate(() => (window as never as { fill(): void }).fill())
        await page.throttleCpu(SLOWER)
        all.push(await page.evaluate(() => (window as never as { open(): Promise<OpeningTimes> }).open()))
        await page.close()
      }
      const of = (name: keyof OpeningTimes) => rounded(Math.min(...all.map((times) => times[name])))
      results.push([device, { listMs: of('listMs'), openMs: of('openMs'), shownMs: of('shownMs') }])
    }
    return results
  } finally {
    await browser.close()
    await server.close()
  }
}
