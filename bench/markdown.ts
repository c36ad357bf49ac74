/**
 * CPU time of a full stream of markdown in chunks of 20 characters, beside other engines in the same run, the
 * characters taken back after they were shown, and how many wait.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createMarkdown } from '../src/markdown/create-markdown.js'
import { createRenderList, type RenderBlock } from '../src/markdown/render-list.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { compiled } from './compiled.js'
import type { Task, Times } from './markdown-cpu.js'
import { engines } from './markdown-engines.js'
import { corpora, withheld } from './markdown-withheld.js'

const sizes = [18, 72, 288]
const chunkSize = 20

const answers = ['prose', 'code', 'tables', 'lists']
  .map((name) => readFileSync(new URL(`../test/fixtures/markdown/${name}.md`, import.meta.url), 'utf8'))
  .join('\n')

/** What others wrote for READMEs. */
const readmes = corpora.readmes.join('\n\n')

/** `source` over and over, as many bytes of UTF-8 as asked for. */
function corpus(source: string, kilobytes: number): string[] {
  const bytes = Buffer.from(source.repeat(Math.ceil((kilobytes * 1024) / Buffer.byteLength(source))))
  const text = bytes.subarray(0, kilobytes * 1024).toString('utf8')
  const chunks: string[] = []
  for (let at = 0; at < text.length; at += chunkSize) chunks.push(text.slice(at, at + chunkSize))
  return chunks
}

interface Load {
  readonly names: readonly string[]
  readonly source: string
  readonly kilobytes: number
  readonly metric: string
}

/** The CPU times of the engines for some texts in a process of its own, as their users run them. */
async function cpu(loads: readonly Load[], flags: readonly string[] = []): Promise<Row[]> {
  const worker = fork(await compiled('markdown-cpu.ts'), { execArgv: [...flags] })
  const rows: Row[] = []
  for (const { names, source, kilobytes, metric } of loads) {
    console.log(`${metric} …`)
    const answer = once(worker, 'message')
    worker.send({ names, chunks: corpus(source, kilobytes) } satisfies Task)
    for (const [subject, value] of Object.entries(((await answer) as [Times])[0]))
      rows.push({ subject, metric, value, unit: 'ms' })
  }
  worker.disconnect()
  return rows
}

/** What is shown, look and text, as one string. */
function shown(blocks: readonly RenderBlock[]): string {
  return blocks
    .map(({ block, path, gap, runs, rows }) => {
      const cells = rows.flatMap((row) => row.cells.flatMap((cell) => cell.runs))
      const text = [...runs, ...cells].map((run) => JSON.stringify(run.look) + run.text).join('')
      return JSON.stringify([block, path, gap]) + text
    })
    .join('')
}

/** Characters taken back or restyled while the answers stream. */
function retracted(): number {
  let lost = 0
  for (const size of [1, 7, chunkSize]) {
    const markdown = createMarkdown()
    const list = createRenderList()
    let before = ''
    for (let at = 0; at < answers.length; at += size) {
      list.apply(markdown.push(answers.slice(at, at + size)))
      const after = shown(list.blocks)
      if (!after.startsWith(before)) {
        let same = 0
        while (before.charAt(same) === after.charAt(same)) same++
        lost += before.length - same
      }
      before = after
    }
  }
  return lost
}

export default async function markdown(): Promise<BenchResult> {
  const upTo = (kilobytes: number) =>
    engines.filter(({ upToKilobytes }) => kilobytes <= upToKilobytes).map(({ name }) => name)
  const streaming = ['ours', 'ours with render list', 'streaming-markdown']
  const rows = [
    ...(await cpu([
      ...sizes.map((kilobytes) => ({
        names: upTo(kilobytes),
        source: answers,
        kilobytes,
        metric: `cpu_${kilobytes}k`,
      })),
      {
        names: [...streaming, '@incremark/core'],
        source: readmes,
        kilobytes: 72,
        metric: 'cpu_readmes_72k',
      },
    ])),
    // As in mini-programs on iOS, whose JavaScript is never compiled to machine code.
    ...(await cpu(
      [{ names: streaming, source: answers, kilobytes: 72, metric: 'interpreted_72k' }],
      ['--jitless'],
    )),
  ]
  const waiting = withheld()
  const time = (subject: string, metric: string) =>
    rows.find((row) => row.subject === subject && row.metric === metric)?.value ?? Number.NaN
  const against = (peer: string, metric: string, subject = 'ours') =>
    rounded(time(subject, metric) / time(peer, metric))
  const ratios = {
    cpu_vs_incremark_18k: against('@incremark/core', 'cpu_18k'),
    cpu_vs_incremark_72k: against('@incremark/core', 'cpu_72k'),
    list_vs_incremark_readmes: against('@incremark/core', 'cpu_readmes_72k', 'ours with render list'),
    cpu_vs_streaming_markdown_72k: against('streaming-markdown', 'cpu_72k'),
    interpreted_vs_streaming_markdown_72k: against('streaming-markdown', 'interpreted_72k'),
    // As much time for each character is 4. Less tells that the shorter text was measured while it was still compiled.
    growth_4x: rounded(time('ours', 'cpu_288k') / time('ours', 'cpu_72k')),
    retracted: retracted(),
    ...waiting.ratios,
  }
  return { rows: [...rows, ...waiting.rows], ratios }
}
