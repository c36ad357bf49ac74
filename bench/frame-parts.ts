import type { Browser } from '../test/hosts/chromium/launch-chromium.js'
import { progress, rounded, type Row } from './bench.js'
import { playClocked, playFollowed, playRestored, playWhole, type Play } from './frame-runs.js'
import { corpora, piecesOf } from './play-pieces.js'
import type { Task } from './task-times.js'

const SLOWER = 4
const EVERY_MS = 1000 / 30
const SECONDS = 20
const FLUSHES = 75
const LONG_MS = 50
/** Pages of `bench/app`. */
const subjects = { ours: 'getter', markstream: 'markstream', vhtml: 'html' } as const

const mixed = Object.values(corpora).join('\n\n')

/** A single block of code of so many lines. */
function longCode(lines: number): string {
  const source = corpora.code
    .split('\n')
    .filter((line) => /^[ {}]|[;{}]$/.test(line))
    .join('\n')
  const body = `${source}\n`.repeat(Math.ceil(lines / source.split('\n').length)).split('\n')
  return `\`\`\`ts\n${body.slice(0, lines).join('\n')}\n\`\`\`\n`
}

/** A single table of so many rows, five columns, a sentence and marks in each row. */
function longTable(rows: number): string {
  const row = (at: number) =>
    `| ${at} | \`item-${at * 7}\` | The **${at}th** of the things that are kept, 及其说明 | ${(at * 37) % 1000}.50 | [more](https://example.com/${at}) |`
  return `| # | id | what it is | price | where |\n|--:|:--|---|--:|---|\n${Array.from({ length: rows }, (_, at) => row(at + 1)).join('\n')}\n`
}

/** Of ours alone, followed: longer, or of a single kind. */
const followed = {
  '300 KB': () => cut(mixed, 300),
  '2048 lines': () => flushesOf(longCode(2048)),
  '500 rows': () => flushesOf(longTable(500)),
  prose: () => cut(corpora.prose, 100),
  code: () => cut(corpora.code, 100),
  tables: () => cut(corpora.table, 100),
  lists: () => cut(corpora.list, 100),
}

/** What can be asked for by itself, in the order of the file. */
export const partNames = [
  'compare',
  'long',
  'lines',
  'rows',
  'prose',
  'code',
  'tables',
  'lists',
  'restore',
] as const
export type PartName = (typeof partNames)[number]

const subjectOf: Partial<Record<PartName, keyof typeof followed>> = {
  long: '300 KB',
  lines: '2048 lines',
  rows: '500 rows',
}

export async function runPart(part: PartName, browser: Browser, url: string): Promise<readonly Row[]> {
  const page = (path: string, pieces: readonly string[], everyMs = EVERY_MS): Play => ({
    url,
    path,
    pieces,
    everyMs,
  })
  const rows =
    part === 'compare'
      ? await compared(browser, page)
      : part === 'restore'
        ? await restored(browser, page)
        : await followedRows(browser, subjectOf[part] ?? (part as keyof typeof followed), page)
  return rows.map((row) => ({ ...row, part }))
}

type PageOf = (path: string, pieces: readonly string[], everyMs?: number) => Play

async function compared(browser: Browser, page: PageOf): Promise<Row[]> {
  const rows: Row[] = []
  const small = cut(mixed, 100)
  const large = cut(mixed, 100, FLUSHES)
  for (const [subject, path] of Object.entries(subjects)) {
    progress(`${subject}, by the clock`)
    const clocked = await playClocked(browser, page(path, small), SLOWER)
    const sorted = [...clocked.frames].sort((a, b) => a - b)
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
    const { count, longest } = longTasks(clocked.tasks, ({ wallMs }) => wallMs)
    progress(`${subject}, every flush`)
    const whole = await playWhole(browser, page(path, large, EVERY_MS * 2), SLOWER)
    rows.push(
      { subject, metric: 'frame_p95', value: rounded(p95), unit: 'ms' },
      { subject, metric: 'long_tasks', value: count, unit: `over ${LONG_MS} ms by the clock` },
      { subject, metric: 'longest_task', value: longest, unit: 'ms' },
      { subject, metric: 'elements', value: clocked.elements, unit: '' },
      {
        subject,
        metric: 'scripting',
        value: rounded(whole.scriptMs - whole.htmlParserMs),
        unit: 'ms, HTML parser apart',
      },
      { subject, metric: 'html_parser', value: rounded(whole.htmlParserMs), unit: 'ms' },
      { subject, metric: 'tasks', value: rounded(whole.taskMs), unit: 'ms' },
    )
  }
  rows.push(...(await followedOnce(browser, 'ours', page(subjects.ours, small))))
  return rows
}

const followedRows = (browser: Browser, name: keyof typeof followed, page: PageOf): Promise<Row[]> =>
  followedOnce(browser, `ours, ${name}`, page(subjects.ours, followed[name]()))

async function followedOnce(browser: Browser, subject: string, play: Play): Promise<Row[]> {
  progress(`${subject}, followed`)
  const { count, longest } = longTasks(await playFollowed(browser, play), ({ cpuMs }) => cpuMs * SLOWER)
  const unit = `over ${LONG_MS} ms of a slow CPU, followed`
  return [
    { subject, metric: 'long_tasks_cpu', value: count, unit },
    { subject, metric: 'longest_task_cpu', value: rounded(longest), unit: 'ms' },
  ]
}

/** An answer of 1 MB that is there at once. */
async function restored(browser: Browser, page: PageOf): Promise<Row[]> {
  const rows: Row[] = []
  const pieces = [cut(mixed, 1024, 1).join('')]
  for (const subject of ['ours', 'markstream'] as const) {
    progress(`${subject}, restored`)
    const times = await playRestored(browser, page(subjects[subject], pieces), SLOWER)
    const row = (metric: string, value: number, unit: string) =>
      rows.push({ subject, metric, value: rounded(value), unit })
    row('restore_screen', times.screen, 'ms to the frame behind a full screen')
    row('restore', times.last, 'ms to the last change of 1 MB')
    row('restore_elements', times.elements, 'on the page then')
    row('restore_characters', times.characters, 'on the page then')
  }
  return rows
}

/** A text that is repeated to so many kilobytes, in as many pieces as there are flushes. */
function cut(text: string, kilobytes: number, flushes = 30 * SECONDS): string[] {
  const characters = (kilobytes * 1024 * [...text].length) / Buffer.byteLength(text)
  return piecesOf(text, kilobytes, Math.ceil(characters / flushes))
}

function flushesOf(text: string): string[] {
  const size = Math.ceil(text.length / (30 * SECONDS))
  return text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
}

/** The tasks after the first second of text, by a measure of their length. */
function longTasks(tasks: readonly Task[], lengthOf: (task: Task) => number) {
  const lengths = tasks.filter(({ at }) => at > 1000).map(lengthOf)
  return {
    count: lengths.filter((ms) => ms > LONG_MS).length,
    longest: lengths.reduce((most, ms) => Math.max(most, ms), 0),
  }
}
