// npm run bench -- NAME [NAME…]: runs bench/NAME.ts, prints its rows, and keeps them in bench/results/NAME.json.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Bench } from './bench.js'

const isBench = (file: string) =>
  file.endsWith('.ts') && readFileSync(new URL(file, import.meta.url), 'utf8').includes('\nexport default ')
const benches = readdirSync(new URL('.', import.meta.url))
  .filter(isBench)
  .map((file) => file.replace(/\.ts$/, ''))

const names = process.argv.slice(2)
const unknown = names.filter((name) => !benches.includes(name))
if (names.length === 0 || unknown.length > 0) {
  console.error(`${unknown.length ? `No bench ${unknown.join(', ')}` : 'Which bench'}? ${benches.join(', ')}`)
  process.exit(1)
}

for (const name of names) {
  const { default: bench } = (await import(new URL(`${name}.ts`, import.meta.url).href)) as { default: Bench }
  const { rows, table, ratios } = await bench()
  if (table !== undefined) console.log(table)
  else
    for (const { subject, metric, value, unit } of rows)
      console.log(`${subject.padEnd(28)} ${metric.padEnd(24)} ${value.toFixed(2).padStart(12)} ${unit}`)
  console.log(ratios)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`
  const result = { name, date: new Date().toISOString(), machine, rows, ratios }
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(new URL(`results/${name}.json`, import.meta.url), `${JSON.stringify(result, never, 2)}\n`)
}

function never(_key: string, value: unknown): unknown {
  return value === Infinity ? 'never' : value
}
