// npm run bench -- NAME [PART…] [NAME…]: runs bench/NAME.ts, all of it or the parts named, prints its rows, and keeps
// them in bench/results/NAME.json, beside those of the parts that did not run.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Bench, Row } from './bench.js'

interface Kept {
  readonly rows: readonly Row[]
  readonly ratios: Readonly<Record<string, number>>
  readonly measured?: Readonly<Record<string, string>>
}

const isBench = (file: string) =>
  file.endsWith('.ts') && readFileSync(new URL(file, import.meta.url), 'utf8').includes('\nexport default ')
const benches = readdirSync(new URL('.', import.meta.url))
  .filter(isBench)
  .map((file) => file.replace(/\.ts$/, ''))

const [first, ...words] = process.argv.slice(2)
if (first === undefined || !benches.includes(first)) {
  console.error(`${first === undefined ? 'Which bench' : `No bench ${first}`}? ${benches.join(', ')}`)
  process.exit(1)
}
const orders = [{ name: first, parts: [] as string[] }]
for (const word of words)
  if (benches.includes(word)) orders.push({ name: word, parts: [] })
  else orders[orders.length - 1]?.parts.push(word)

for (const { name, parts } of orders) {
  const module = (await import(new URL(`${name}.ts`, import.meta.url).href)) as {
    default: Bench
    parts?: readonly string[]
  }
  const unknown = parts.filter((part) => !module.parts?.includes(part))
  if (unknown.length) {
    console.error(`${name} has no ${unknown.join(', ')}. ${module.parts ? module.parts.join(', ') : ''}`)
    process.exit(1)
  }
  const { rows, table, ratios } = await module.default(parts)
  if (table !== undefined) console.log(table)
  else
    for (const { subject, metric, value, unit } of rows)
      console.log(`${subject.padEnd(28)} ${metric.padEnd(24)} ${value.toFixed(2).padStart(12)} ${unit}`)
  console.log(ratios)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`
  const date = new Date().toISOString()
  const file = new URL(`results/${name}.json`, import.meta.url)
  const result = module.parts
    ? { name, date, machine, ...besides(file, { rows, ratios }, module.parts, date) }
    : { name, date, machine, rows, ratios }
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(file, `${JSON.stringify(result, never, 2)}\n`)
}

/** What a bench of parts measured, with what the file knows of the parts that did not run, and when each did. */
function besides(file: URL, { rows, ratios }: Kept, parts: readonly string[], date: string): Required<Kept> {
  const before = readKept(file)
  const rowsOf = (part: string) => {
    const now = rows.filter((row) => row.part === part)
    return now.length ? now : before.rows.filter((row) => row.part === part)
  }
  const measured = Object.fromEntries(
    parts.flatMap((part) => {
      const at = rows.some((row) => row.part === part) ? date : before.measured?.[part]
      return at === undefined ? [] : [[part, at]]
    }),
  )
  return { rows: parts.flatMap(rowsOf), ratios: { ...before.ratios, ...ratios }, measured }
}

function readKept(file: URL): Kept {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept
  } catch {
    return { rows: [], ratios: {} }
  }
}

function never(_key: string, value: unknown): unknown {
  return value === Infinity ? 'never' : value
}
