import { readFileSync } from 'node:fs'

/** Prose, code, tables and lists, as models write them. */
export const corpus = ['prose', 'code', 'tables', 'lists']
  .map((name) => readFileSync(new URL(`../fixtures/markdown/${name}.md`, import.meta.url), 'utf8'))
  .join('\n')

/** A text in pieces of `size` UTF-16 units. */
export const piecesOf = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size))
