import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createMarkdown } from '../src/markdown/create-markdown.js'
import { rounded, type Row } from './bench.js'

/** Characters a second of a usual model, to tell the wait in time as well. */
const speed = 40

const readAll = (folder: URL, names: readonly string[]) =>
  names
    .map((name) => new URL(name, folder))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))

const fixtures = new URL('../test/fixtures/markdown/', import.meta.url)
const guides = new URL('../docs/', import.meta.url)
const modules = new URL('../node_modules/', import.meta.url)

/** Answers and guides of ours, and READMEs of others. */
export const corpora = {
  answers: readAll(fixtures, readdirSync(fixtures)),
  guides: readAll(
    guides,
    readdirSync(guides).filter((name) => name.endsWith('.md')),
  ),
  readmes: readAll(
    modules,
    [
      'markdown-it',
      'marked',
      'fast-check',
      'katex',
      'commonmark',
      'eslint',
      'prettier',
      'vitest',
      'ws',
      'ioredis',
      'pinia',
      'knip',
    ].map((name) => `${name}/README.md`),
  ),
}

/** Where in what waits an address, a tag, a formula or a row begins: those have no end before their end. */
const longer = /\]\(|\]:|:\/\/|www\.|<|\$\$|\\[[(]/

const row = /^[\s>*+-]*\|/

/** The characters that wait after each character of `text`, and those of them behind a sign that may be a stray one. */
function waits(text: string): { all: number[]; stray: number[] } {
  const markdown = createMarkdown()
  const all: number[] = []
  const stray: number[] = []
  for (let at = 0; at < text.length; at++) {
    markdown.push(text.charAt(at))
    const { held } = markdown
    // Line ends between lines that wait are not counted, so what waits may begin a little before.
    const start = Math.max(0, at - held)
    const line = text.slice(text.lastIndexOf('\n', start) + 1, at + 1)
    const begin = row.test(line) ? 0 : text.slice(Math.max(0, start - 1), at + 1).search(longer)
    all.push(held)
    stray.push(begin < 0 ? held : Math.min(held, begin))
  }
  return { all, stray }
}

const percentile = (values: readonly number[], part: number) =>
  values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0

/** How much waits while texts come character by character. */
export function withheld(): { rows: Row[]; ratios: Record<string, number> } {
  const rows: Row[] = []
  const every: number[] = []
  for (const [name, texts] of Object.entries(corpora)) {
    const found = texts.map((text) => waits(text.replace(/\r\n?/g, '\n').slice(0, 40_000)))
    for (const kind of ['all', 'stray'] as const) {
      const values = found.flatMap((one) => one[kind]).sort((a, b) => a - b)
      if (kind === 'stray') for (const value of values) every.push(value)
      const add = (metric: string, value: number, unit: string) =>
        rows.push({ subject: `${name}, ${kind}`, metric, value, unit })
      for (const part of [50, 90, 99, 100]) {
        add(`withheld_p${part}`, percentile(values, part / 100), 'characters')
        add(`withheld_p${part}_time`, rounded(percentile(values, part / 100) / speed), 's')
      }
    }
  }
  every.sort((a, b) => a - b)
  return {
    rows,
    ratios: { withheld_p99_chars: percentile(every, 0.99), withheld_max_chars: percentile(every, 1) },
  }
}
