import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { acquireFileLock } from '../hosts/file-lock.js'
import { listFiles } from '../hosts/list-files.js'

const FOLDER = '.cache/package'
const SOURCES = [
  'src',
  'components',
  'examples',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/** The package as npm would unpack it, with its types. Built once for all tests, and again when a source changes. */
export async function buildPackage(): Promise<string> {
  const hash = createHash('sha256')
  for (const { path } of SOURCES.flatMap(listFiles)) hash.update(path).update(readFileSync(path))
  const folder = join(process.cwd(), FOLDER, hash.digest('hex').slice(0, 16))
  mkdirSync(FOLDER, { recursive: true })
  const release = await acquireFileLock('.cache/package.lock')
  try {
    if (!existsSync(folder)) await build(folder)
    return folder
  } finally {
    release()
  }
}

async function build(folder: string): Promise<void> {
  // Others in this folder are of older sources.
  const part = join(FOLDER, 'part')
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  await promisify(execFile)('npx', ['tsx', 'scripts/build.ts', join(part, 'lib')], {
    env: { ...process.env, NODE_ENV: undefined, VITEST: undefined },
  })
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }
  for (const name of ['package.json', ...files.filter((name) => name !== 'lib' && !name.startsWith('!'))])
    if (existsSync(name)) cpSync(name, join(part, name), { recursive: true })
  renameSync(part, folder)
}
