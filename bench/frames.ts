/**
 * What a 100 KB answer costs a browser whose CPU is four times slower, beside two other renderers in one run
 * (`compare`): at 30 flushes a second by the clock, time of frames and long tasks after the first second; and time in
 * scripts when every one of 75 larger flushes is applied, since by the clock who is slow does less.
 *
 * All three get the same pieces at the same times, show markdown without coloured code, and live in a page of
 * uni-app. What `v-html` saves in scripts it has the browser's HTML parser do: that time is a row of its own, and
 * left out of the comparison with us, which has no such part.
 *
 * Long tasks are counted twice. By the clock (`long_tasks`), as a reader feels them, which on a machine with other
 * work counts the waits for a core as well: the browser's throttling stretches these, too. And by the CPU time of
 * the thread (`long_tasks_cpu`), four times that of an unthrottled page, while the page follows the end as a chat
 * does; of ours, for longer answers (`long`: 300 KB, `lines`: one block of 2,048 lines, `rows`: one table of 500), and
 * ones of a single kind. Where the page gets no core for a second, all that came meanwhile is one piece.
 *
 * `restore`: 1 MB that is there at once, as from storage. How long until the screen is full of it, and until nothing
 * changes any more, beside markstream-vue.
 */
import { launchChromium } from '../test/hosts/chromium/launch-chromium.js'
import { startStaticServer } from '../test/hosts/static-server.js'
import { buildWithComponents } from '../test/streaming-text/build-app.js'
import { progress, rounded, type BenchResult, type Row } from './bench.js'
import { partNames, runPart } from './frame-parts.js'

export const parts: readonly string[] = partNames

export default async function frames(asked: readonly string[]): Promise<BenchResult> {
  progress('building')
  const folder = await buildWithComponents('bench/app', 'h5')
  const server = await startStaticServer({ folder })
  const browser = await launchChromium()
  const rows: Row[] = []
  try {
    for (const part of partNames)
      if (!asked.length || asked.includes(part)) rows.push(...(await runPart(part, browser, server.url)))
  } finally {
    await browser.close()
    await server.close()
  }
  return { rows, ratios: ratiosOf(rows) }
}

/** Only those of parts that ran. */
function ratiosOf(rows: readonly Row[]): Record<string, number> {
  const figure = (subject: string, metric: string) =>
    rows.find((row) => row.subject === subject && row.metric === metric)?.value
  const ratios: Record<string, number> = {}
  const against = (name: string, metric: string, other: string) => {
    const [ours, theirs] = [figure('ours', metric), figure(other, metric)]
    if (ours !== undefined && theirs !== undefined) ratios[name] = rounded(ours / theirs)
  }
  for (const other of ['markstream', 'vhtml']) {
    against(`p95_vs_${other}`, 'frame_p95', other)
    against(`scripting_vs_${other}`, 'scripting', other)
    against(`tasks_vs_${other}`, 'tasks', other)
  }
  against('restore_screen_vs_markstream', 'restore_screen', 'markstream')
  against('restore_vs_markstream', 'restore', 'markstream')
  const counts = { long_tasks: 'ours', long_tasks_cpu: 'ours' }
  for (const [metric, subject] of Object.entries(counts)) {
    const count = figure(subject, metric)
    if (count !== undefined) ratios[metric] = count
  }
  for (const [name, of] of Object.entries({ long: '300 KB', lines: '2048 lines', rows: '500 rows' })) {
    const count = figure(`ours, ${of}`, 'long_tasks_cpu')
    if (count !== undefined) ratios[`long_tasks_cpu_${name}`] = count
  }
  return ratios
}
