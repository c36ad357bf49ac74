import { readFileSync } from 'node:fs'

const read = (name: string) =>
  readFileSync(new URL(`../test/fixtures/markdown/${name}.md`, import.meta.url), 'utf8')

export const corpora = {
  prose: read('prose'),
  code: read('code'),
  table: read('tables'),
  list: read('lists'),
}

/** The text over and over, to about `kilobytes` of UTF-8, in pieces of `size` characters. */
export function piecesOf(text: string, kilobytes: number, size: number): string[] {
  const bytes = Buffer.byteLength(text)
  const long = `${text}\n\n`.repeat(Math.max(1, Math.round((kilobytes * 1024) / bytes)))
  const characters = [...long]
  const pieces: string[] = []
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(''))
  return pieces
}
