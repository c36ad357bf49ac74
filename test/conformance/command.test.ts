import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseCommand } from '../../src/conformance/command-line.js'
import { serveFlawed } from './flawed-server.js'

let folder: string
let server: Awaited<ReturnType<typeof serveFlawed>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-command-'))
  await build({
    entryPoints: ['src/command/main.ts'],
    outfile: join(folder, 'main.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
  })
  server = await serveFlawed({ opaqueIds: true })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.close()
})

/** Runs the command in plain Node. */
function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, 'main.mjs'), ...args], (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

const ada = ['--header', 'Authorization: Ada']

it('exits with 0 where the level asked for is reached, and with 1 where it is not', async () => {
  const reached = await run('conformance', server.url, '--level', 'stoppable', ...ada)
  expect(reached).toMatchObject({ code: 0, err: '' })
  expect(reached.out).toMatch(/Level reached: stoppable\n$/)
  const missed = await run('conformance', server.url, '--json', ...ada)
  expect(missed).toMatchObject({ code: 1, err: '' })
  expect(JSON.parse(missed.out)).toMatchObject({ level: 'stoppable' })
})

it('exits with 2 and says what is wrong with the command', async () => {
  const { code, err } = await run('conformance', 'localhost:8000')
  expect(code).toBe(2)
  expect(err).toContain('Give one address')
  expect(err).toContain('Usage:')
})

it.each([
  [['http://x', '--level', 'best'], '--level is one of plain'],
  [['http://x', '--timeout', '0'], '--timeout takes'],
  [['http://x', '--body', 'Hello'], 'JSON'],
  [['http://x', '--header', 'Bearer abc'], 'name: value'],
  [['http://x', 'http://y'], 'one address'],
  [['http://x', '--levle', 'plain'], '--levle'],
])('refuses %j', (args, words) => {
  const command = parseCommand(args)
  expect(command).toMatchObject({ kind: 'wrong' })
  expect(command.kind === 'wrong' && command.why).toContain(words)
})
