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
import { withheld } from './markdown-withheld.js'

const sizes = [18, 72, 288]
const chunkSize = 20

const answers = ['prose', 'code', 'tables', 'lists']
  .map((name) => readFileSync(new URL(`../test/fixtures/markdown/${name}.md`, import.meta.url), 'utf8'))
  .join('\n')

/** The answers over and over, as many bytes of UTF-8 as asked for. */
function corpus(kilobytes: number): string[] {
  const bytes = Buffer.from(answers.repeat(Math.ceil((kilobytes * 1024) / Buffer.byteLength(answers))))
  const text = bytes.subarray(0, kilobytes * 1024).toString('utf8')
  const chunks: string[] = []
  for (let at = 0; at < text.length; at += chunkSize) chunks.push(text.slice(at, at + chunkSize))
  return chunks
}

/**
 * The CPU times of the engines for texts of these sizes in a process of its own, as their users run them; `interpreted`
 * without a compiler to machine code, as in mini-programs on iOS.
 */
async function cpu(
  names: (kilobytes: number) => readonly string[],
  sizes: readonly number[],
  interpreted = false,
) {
  const worker = fork(await compiled('markdown-cpu.ts'), { execArgv: interpreted ? ['--jitless'] : [] })
  const rows: Row[] = []
  for (const size of sizes) {
    console.log(`${size} KB${interpreted ? ', interpreted' : ''} …`)
    const answer = once(worker, 'message')
    worker.send({ names: names(size), chunks: corpus(size) } satisfies Task)
    const metric = `${interpreted ? 'interpreted' : 'cpu'}_${size}k`
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
  const upTo = (size: number) =>
    engines.filter(({ upToKilobytes }) => size <= upToKilobytes).map(({ name }) => name)
  const rows = [
    ...(await cpu(upTo, sizes)),
    ...(await cpu(() => ['ours', 'ours with render list', 'streaming-markdown'], [72], true)),
  ]
  const waiting = withheld()
  const time = (subject: string, size: number, kind = 'cpu') =>
    rows.find((row) => row.subject === subject && row.metric === `${kind}_${size}k`)?.value ?? Number.NaN
  const ratios = {
    cpu_vs_incremark_18k: rounded(time('ours', 18) / time('@incremark/core', 18)),
    cpu_vs_incremark_72k: rounded(time('ours', 72) / time('@incremark/core', 72)),
    cpu_vs_streaming_markdown_72k: rounded(time('ours', 72) / time('streaming-markdown', 72)),
    interpreted_vs_streaming_markdown_72k: rounded(
      time('ours', 72, 'interpreted') / time('streaming-markdown', 72, 'interpreted'),
    ),
    // As much time for each character is 4. Less tells that the shorter text was measured while it was still compiled.
    growth_4x: rounded(time('ours', 288) / time('ours', 72)),
    retracted: retracted(),
    ...waiting.ratios,
  }
  return { rows: [...rows, ...waiting.rows], ratios }
}
