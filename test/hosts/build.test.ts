import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { buildUniApp } from './build.js'
import { acquireFileLock } from './file-lock.js'

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url))
mkdirSync(CACHE, { recursive: true })
const builtAt = (output: string) => statSync(join(output, 'app.json')).mtimeMs

test('an unchanged project is built once, a touched one again', { timeout: 600_000 }, async () => {
  // A copy: another worker may be reading the fixture's output.
  mkdirSync(join(CACHE, 'build-test'), { recursive: true })
  const input = mkdtempSync(join(CACHE, 'build-test/project-'))
  cpSync(fileURLToPath(new URL('fixture', import.meta.url)), input, { recursive: true })
  const output = join(input, 'out')
  const watched = ['App.vue', 'pages'].map((name) => join(input, name))
  const options = { platform: 'mp-weixin', input, output, watched, env: { VITE_ROOT_DIR: input } } as const
  expect(await Promise.all([buildUniApp(options), buildUniApp(options)])).toEqual([output, output])
  const first = builtAt(output)
  await buildUniApp(options)
  expect(builtAt(output)).toBe(first)
  utimesSync(join(input, 'App.vue'), new Date(0), new Date(0))
  await buildUniApp(options)
  expect(builtAt(output)).toBeGreaterThan(first)
  rmSync(input, { recursive: true })
})

test('a build that fails throws what the compiler printed, and leaves no output that looks good', async () => {
  const input = mkdtempSync(join(CACHE, 'broken-'))
  for (const [name, text] of [
    ['manifest.json', '{ "vueVersion": "3" }'],
    ['pages.json', '{ "pages": [{ "path": "a" }] }'],
    ['main.ts', 'export const broken = (\n'],
  ] as const)
    writeFileSync(join(input, name), text)
  const options = { platform: 'mp-weixin', input, output: join(input, 'out'), watched: [input] } as const
  for (let attempt = 0; attempt < 2; attempt++)
    await expect(buildUniApp(options)).rejects.toThrow(/build of mp-weixin ended with[^]*main\.ts/)
  rmSync(input, { recursive: true })
})

test('a lock waits for its holder and outlives a dead one', async () => {
  const folder = mkdtempSync(join(CACHE, 'lock-'))
  const path = join(folder, 'lock')
  const release = await acquireFileLock(path)
  let entered = false
  const second = acquireFileLock(path).then((done) => {
    entered = true
    return done
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(entered).toBe(false)
  release()
  ;(await second)()
  // No process has this id: Linux stops at 4194304.
  writeFileSync(path, '99999999')
  const third = await acquireFileLock(path)
  expect(readFileSync(path, 'utf8')).toBe(String(process.pid))
  third()
  rmSync(folder, { recursive: true })
})
