import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { subjects } from './subjects.js'

const folder = fileURLToPath(new URL('../../src/transports/', import.meta.url))

/** Files that give the package a transport; the first of a platform is one of them. */
const transports = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .filter((name) => /^export const \w+: Transport =/m.test(readFileSync(folder + name, 'utf8')))
  .map((name) => name.replace(/\.ts$/, ''))
  .filter((name) => name !== 'first-transport')

test('every transport goes through the fault suite', () => {
  expect(transports.length).toBeGreaterThanOrEqual(9)
  expect([...new Set(subjects.map(({ transport }) => transport))].sort()).toEqual(transports.sort())
})
