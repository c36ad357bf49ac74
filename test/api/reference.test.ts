import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { referenceOf, type Described } from '../../scripts/api/reference-of.js'
import { referencePage } from '../../scripts/api/reference-page.js'
import { referenceWords } from '../../scripts/api/reference-words.js'

const TYPES = `
/** How to connect. */
export interface Options {
  /** Where to; default: here. */
  readonly url?: string
  again(times: number): void
}
interface Base { 
  /** Its name. */
  readonly name: string
  readonly secret: string
}
/** Without what is nobody's business. */
export type Known = Pick<Base, 'name'>
/** One of two. */
export type Choice = 'a' | 'b'
/**
 * Connects, and says so with \`{{ braces }}\`.
 * @param options how; see docs/protocol.md#routes
 * @throws {ChannelError} BAD_OPTIONS
 * @example connect({ url: '/' })
 * @see docs/errors.md
 */
export declare function connect(options: Options): Known
export declare const silent: number
export {}
`

function reference(types: string): readonly Described[] {
  const folder = mkdtempSync(join(tmpdir(), 'reference-'))
  mkdirSync(join(folder, 'lib'))
  const entry = join(folder, 'lib/index.d.ts')
  writeFileSync(entry, types)
  return referenceOf(ts.createProgram([entry], { types: [], lib: ['lib.es5.d.ts'] }), entry, join(folder, 'lib'))
}

const all = reference(TYPES)
const entry = (name: string) => all.find((each) => each.name === name)

test('an interface is told member by member, each with what is written above it', () => {
  expect(entry('Options')).toMatchObject({ kind: 'type', isExported: true, text: 'How to connect.' })
  expect(entry('Options')?.members).toEqual([
    { code: 'url?: string', text: 'Where to; default: here.', tags: [] },
    { code: 'again(times: number): void', text: '', tags: [] },
  ])
})

test('a type made of another one is told with the members it has kept', () => {
  expect(entry('Known')?.members.map(({ code }) => code)).toEqual(['name: string'])
})

test('a choice is told as it is declared', () => {
  expect(entry('Choice')).toMatchObject({ code: "type Choice = 'a' | 'b';", members: [] })
})

test('what is not exported but mentioned is told, and marked', () => {
  expect(entry('Base')?.isExported).toBe(false)
})

test('what has no comment is told to have none', () => {
  expect(all.filter(({ isExported, text }) => isExported && text === '').map(({ name }) => name)).toEqual([
    'silent',
  ])
})

test('a page gives signature, errors, example and links from where it stands', () => {
  const page = referencePage('a-module', all, referenceWords.en, 'docs/api')
  expect(page).toContain('```ts\nfunction connect(options: Options): Known;\n```')
  expect(page).toContain('**Errors:** BAD_OPTIONS')
  expect(page).toContain("```ts\nconnect({ url: '/' })\n```")
  expect(page).toContain('[errors](../errors.md)')
  expect(page).toContain('[protocol](../protocol.md#routes)')
  expect(page).not.toContain('{{')
  expect(page).toContain('- `url?: string`\n\n  Where to; default: here.')
})
