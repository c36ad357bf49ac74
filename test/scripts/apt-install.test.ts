import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { aptInstall, type Requirement } from '../../scripts/apt-install.js'

let folder: string
const said: string[] = []
const say = (text: string) => said.push(text)

/** An apt-get that has the packages `known`, and puts a file for each that it installs. */
function machine(...known: readonly string[]): void {
  folder = mkdtempSync(join(tmpdir(), 'apt-'))
  const path = join(folder, 'apt-get')
  writeFileSync(
    path,
    `#!/bin/sh
echo "$*" >> ${folder}/calls
[ "$1" = install ] || exit 0
shift 4
for name in "$@"; do case " ${known.join(' ')} " in *" $name "*) ;; *) echo "E: Unable to locate package $name" >&2; exit 100;; esac; done
for name in "$@"; do touch ${folder}/$name; done
`,
  )
  chmodSync(path, 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH ?? ''}`)
}

beforeEach(() => {
  vi.unstubAllEnvs()
  said.length = 0
})

const need = (debianPackage: string, neededBy: 'all' | 'some' = 'all'): Requirement => ({
  debianPackage,
  neededBy,
  isThere: () => existsSync(join(folder, debianPackage)),
})
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')

test('everything is installed in one call', async () => {
  machine('browser', 'database')
  await aptInstall([need('browser'), need('database', 'some')], say)
  expect(calls()).toEqual(['update -qq', 'install -y -qq --no-install-recommends browser database'])
  expect(said).toEqual(['Installing browser, database …'])
})

test('a package that only some tests need may be unknown, and is told', async () => {
  machine('browser')
  await aptInstall([need('browser'), need('database', 'some')], say)
  expect(existsSync(join(folder, 'browser'))).toBe(true)
  expect(said.at(-1)).toBe(
    'Not installed: database. Some tests will be left out (Unable to locate package database).',
  )
})

test('without a network one sentence says what is missing and how to get it', async () => {
  machine()
  const failure = await aptInstall([need('browser'), need('database', 'some')], say).catch(
    (error: Error) => error.message,
  )
  expect(failure).toBe(
    'The tests need browser, which apt-get could not install (Unable to locate package browser). Where there is a network: apt-get install -y browser',
  )
})
