/**
 * CPU time of a full stream of markdown in chunks of 20 characters, beside other engines in the same run, the
 * characters taken back after they were shown, and how many wait.
 */
import { readFileSync } from 'node:fs'
import { createMarkdown } from '../src/markdown/create-markdown.js'
import { createRenderList, type RenderBlock } from '../src/markdown/render-list.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { engines, type Engine } from './markdown-engines.js'
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

function cpuMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The median of the CPU times of enough runs to fill about a second, after as much warming up as they need. */
function measure(engine: Engine, chunks: readonly string[]): number {
  const run = () => cpuMs(() => engine.stream(chunks))
  const first = run()
  if (first > 3000) return first
  for (let warm = 0; warm < 5; warm++) run()
  const times = Array.from({ length: Math.max(3, Math.min(25, Math.round(1500 / first))) }, run)
  return times.sort((a, b) => a - b)[times.length >> 1] ?? first
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
  const rows: Row[] = []
  for (const size of sizes) {
    const chunks = corpus(size)
    for (const engine of engines) {
      if (size > engine.upToKilobytes) continue
      console.log(`${engine.name}, ${size} KB …`)
      rows.push({ subject: engine.name, metric: `cpu_${size}k`, value: measure(engine, chunks), unit: 'ms' })
    }
  }
  const waiting = withheld()
  const time = (subject: string, size: number) =>
    rows.find((row) => row.subject === subject && row.metric === `cpu_${size}k`)?.value ?? Number.NaN
  const ratios = {
    cpu_vs_incremark_18k: rounded(time('ours', 18) / time('@incremark/core', 18)),
    cpu_vs_incremark_72k: rounded(time('ours', 72) / time('@incremark/core', 72)),
    cpu_vs_streaming_markdown_72k: rounded(time('ours', 72) / time('streaming-markdown', 72)),
    growth_4x: rounded(time('ours', 288) / time('ours', 72)),
    retracted: retracted(),
    ...waiting.ratios,
  }
  return { rows: [...rows, ...waiting.rows], ratios }
}
