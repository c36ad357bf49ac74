/**
 * What a 100 KB answer costs a browser whose CPU is four times slower, beside two other renderers in one run:
 * at 30 flushes a second by the clock, time of frames and long tasks after the first second; and time in
 * scripts when every one of 150 larger flushes is applied, since by the clock who is slow does less.
 *
 * All three get the same pieces at the same times, show markdown without coloured code, and live in a page of
 * uni-app. What `v-html` saves in scripts it has the browser's HTML parser do: that time is a row of its own, and
 * left out of the comparison with us, which has no such part.
 *
 * Long tasks are counted twice. By the clock (`long_tasks`), as a reader feels them, which on a machine with other
 * work counts the waits for a core as well: the browser's throttling stretches these, too. And by the CPU time of
 * the thread (`long_tasks_cpu`), four times that of an unthrottled page, while the page follows the end as a chat
 * does, and the same for a longer answer and ones of a single kind: of ours the median of several runs, since where the page
 * gets no core for a second, all that came meanwhile is one piece.
 */
import { launchChromium, type Browser } from '../test/hosts/chromium/launch-chromium.js'
import { startStaticServer } from '../test/hosts/static-server.js'
import { buildWithComponents } from '../test/streaming-text/build-app.js'
import { progress, rounded, type BenchResult, type Row } from './bench.js'
import { playClocked, playFollowed, playRestored, playWhole } from './frame-runs.js'
import { corpora, piecesOf } from './play-pieces.js'
import type { Task } from './task-times.js'

const SLOWER = 4
const EVERY_MS = 1000 / 30
const SECONDS = 20
const FLUSHES = 150
const LONG_MS = 50
/** Of ours, followed; the others are far enough away for one. */
const FOLLOWED_RUNS = 3
const subjects = { ours: 'getter', markstream: 'markstream', vhtml: 'html' } as const

const mixed = Object.values(corpora).join('\n\n')
/** Longer, and of a single kind. */
const others = {
  '300 KB': { text: mixed, kilobytes: 300 },
  prose: { text: corpora.prose, kilobytes: 100 },
  code: { text: corpora.code, kilobytes: 100 },
  tables: { text: corpora.table, kilobytes: 100 },
  lists: { text: corpora.list, kilobytes: 100 },
}

/** `flushes` pieces of a text that is repeated to so many kilobytes. */
function cut(text: string, kilobytes: number, flushes: number): string[] {
  const characters = (kilobytes * 1024 * [...text].length) / Buffer.byteLength(text)
  return piecesOf(text, kilobytes, Math.ceil(characters / flushes))
}

/** The tasks after the first second of text, by a measure of their length. */
function longTasks(tasks: readonly Task[], lengthOf: (task: Task) => number) {
  const lengths = tasks.filter(({ at }) => at > 1000).map(lengthOf)
  return {
    count: lengths.filter((ms) => ms > LONG_MS).length,
    longest: lengths.reduce((most, ms) => Math.max(most, ms), 0),
  }
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** An answer of 1 MB that is there at once. */
export async function restored(browser: Browser, url: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const subject of ['ours', 'markstream'] as const) {
    progress(`${subject}, restored`)
    const order = {
      url,
      path: subjects[subject],
      pieces: [piecesOf(mixed, 1024, 64).join('')],
      everyMs: EVERY_MS,
    }
    const { first, last } = await playRestored(browser, order, SLOWER)
    rows.push(
      { subject, metric: 'restore_first', value: rounded(first), unit: 'ms to the first change' },
      { subject, metric: 'restore', value: rounded(last), unit: 'ms to the last change of 1 MB' },
    )
  }
  return rows
}

export default async function frames(): Promise<BenchResult> {
  progress('building')
  const folder = await buildWithComponents('bench/app', 'h5')
  const server = await startStaticServer({ folder })
  const browser = await launchChromium()
  const rows: Row[] = []
  const figure = (subject: string, metric: string) =>
    rows.find((row) => row.subject === subject && row.metric === metric)?.value ?? Number.NaN
  const play = (path: string, pieces: readonly string[], everyMs = EVERY_MS) => ({
    url: server.url,
    path,
    pieces,
    everyMs,
  })
  async function addFollowed(subject: string, path: string, pieces: readonly string[], times = 1) {
    progress(`${subject}, followed`)
    const runs = []
    for (let run = 0; run < times; run++)
      runs.push(longTasks(await playFollowed(browser, play(path, pieces)), ({ cpuMs }) => cpuMs * SLOWER))
    rows.push(
      {
        subject,
        metric: 'long_tasks_cpu',
        value: median(runs.map(({ count }) => count)),
        unit: `over ${LONG_MS} ms of a slow CPU, followed`,
      },
      { subject, metric: 'longest_task_cpu', value: median(runs.map(({ longest }) => longest)), unit: 'ms' },
    )
  }
  try {
    const small = cut(mixed, 100, 30 * SECONDS)
    const large = cut(mixed, 100, FLUSHES)
    for (const [subject, path] of Object.entries(subjects)) {
      progress(`${subject}, by the clock and whole`)
      const clocked = await playClocked(browser, play(path, small), SLOWER)
      const sorted = [...clocked.frames].sort((a, b) => a - b)
      const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
      const { count, longest } = longTasks(clocked.tasks, ({ wallMs }) => wallMs)
      const whole = await playWhole(browser, play(path, large, EVERY_MS * 2), SLOWER)
      rows.push(
        { subject, metric: 'frame_p95', value: p95, unit: 'ms' },
        { subject, metric: 'long_tasks', value: count, unit: `over ${LONG_MS} ms by the clock` },
        { subject, metric: 'longest_task', value: longest, unit: 'ms' },
        { subject, metric: 'elements', value: clocked.elements, unit: '' },
        {
          subject,
          metric: 'scripting',
          value: whole.scriptMs - whole.htmlParserMs,
          unit: 'ms, HTML parser apart',
        },
        { subject, metric: 'html_parser', value: whole.htmlParserMs, unit: 'ms' },
        { subject, metric: 'tasks', value: whole.taskMs, unit: 'ms' },
      )
      await addFollowed(subject, path, small, subject === 'ours' ? FOLLOWED_RUNS : 1)
    }
    for (const [name, { text, kilobytes }] of Object.entries(others))
      await addFollowed(`ours, ${name}`, subjects.ours, cut(text, kilobytes, 30 * SECONDS))
    rows.push(...(await restored(browser, server.url)))
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
      restore_vs_markstream: against('restore', 'markstream'),
      long_tasks: figure('ours', 'long_tasks'),
      long_tasks_cpu: figure('ours', 'long_tasks_cpu'),
    },
  }
}
