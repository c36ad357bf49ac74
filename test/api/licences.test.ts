import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wrongLicences } from '../../scripts/licences.js'

/** A built library, with the licences of one package. */
function library(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'licences-'))
  mkdirSync(join(folder, 'vendored'))
  writeFileSync(join(folder, 'vendored/LICENSE'), '=== @scope/told\n\nThe text of its licence\n')
  writeFileSync(join(folder, 'index.cjs'), script)
  return folder
}
const licences: Readonly<Record<string, string>> = { '@scope/told': 'MIT', untold: 'ISC', strict: 'GPL-3.0-only' }
const wrong = (script: string, manifest = {}) => wrongLicences(library(script), manifest, (name) => licences[name])

test('a bundled package whose licence is in the package is fine', () => {
  expect(wrong('// node_modules/@scope/told/index.js\nvar told\n', { dependencies: { untold: '1' } })).toEqual([])
})

test('a bundled package whose licence is not in the package is named', () => {
  expect(wrong('  // ../node_modules/untold/lib/a.js\nvar a\n')).toEqual([
    expect.stringMatching(/^Code of untold is in .*LICENSE\.$/),
  ])
})

test('a runtime dependency whose licence is not allowed, or not known, is named', () => {
  const manifest = { dependencies: { strict: '1' }, peerDependencies: { unheard: '1' } }
  expect(wrong('', manifest)).toEqual([
    expect.stringMatching(/^strict has the licence GPL-3\.0-only/),
    expect.stringMatching(/^unheard has the licence undefined/),
  ])
})
