import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { apiOf } from '../../scripts/api/api-of.js'

function reportOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'api-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const entry = join(folder, 'lib/index.d.ts')
  const program = ts.createProgram([entry], { noLib: true, types: [], moduleResolution: ts.ModuleResolutionKind.Bundler })
  return apiOf(program, entry, join(folder, 'lib'))
}

const ENTRY = "export { connect as open, open as connect } from './parts.js'\n"
const parts = (options: string, more = '') => `
${more}
import type { Foreign } from '../other.js'
interface Options { ${options} }
export declare function connect(options?: Options): Foreign
export declare const open: () => void
`
const other = 'export interface Foreign { secret: string }'
const report = (text: string) =>
  reportOf({ 'lib/index.d.ts': ENTRY, 'lib/parts.d.ts': text, 'other.d.ts': other })

test('an exported function is reported with its signature and the options it mentions, under the name it is exported as', () => {
  const text = report(parts('url: string'))
  expect(text).toMatch(/\/\/ open:\nfunction connect\(options\?: Options\): Foreign/)
  expect(text).toMatch(/Not exported, but mentioned above:\n\ninterface Options \{\s+url: string;/)
})

test('a changed option changes the report, a changed comment does not', () => {
  const before = report(parts('url: string'))
  expect(report(parts('url?: string'))).not.toBe(before)
  expect(report(parts('/** Where to. */ url: string', '/** Another word. */'))).toBe(before)
})

test('what another package declares stays its own affair', () => {
  expect(report(parts('url: string'))).not.toContain('secret')
})
