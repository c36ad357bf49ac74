import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { acquireFileLock } from './file-lock.js'
import { listFiles } from './list-files.js'

export type BuildPlatform = 'h5' | 'mp-weixin' | 'mp-toutiao' | 'mp-alipay' | 'app' | 'app-harmony'

export interface BuildOptions {
  platform: BuildPlatform
  /** Absolute folder with `pages.json`. */
  input: string
  /** Absolute folder that receives the output. */
  output: string
  /** Files and folders whose change makes a new build necessary. */
  watched: readonly string[]
  /** Added to the build's environment, and part of the cache key. */
  env?: Record<string, string>
  /** Makes the input, before a build and only then: nobody else builds this output meanwhile. */
  prepare?: () => void
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What the demo is built from. */
export const DEMO_INPUTS = [
  'src',
  'components',
  'pages',
  'static',
  'App.vue',
  'main.ts',
  'manifest.json',
  'pages.json',
  'uni.scss',
  'index.html',
  'vite.config.ts',
  'package.json',
]

/**
 * Builds the demo app of this repository for one platform, unless its output is already up to date.
 * @returns the output folder, absolute
 * @throws {Error} with the build's output
 */
export function buildDemo(platform: BuildPlatform, env: Record<string, string> = {}): Promise<string> {
  const watched = DEMO_INPUTS.map((name) => join(ROOT, name))
  return buildUniApp({ platform, input: ROOT, output: join(ROOT, 'dist/build', platform), watched, env })
}

/** The same for the little app that the hosts' own tests run. */
export function buildFixture(platform: BuildPlatform): Promise<string> {
  const input = join(ROOT, 'test/hosts/fixture')
  return buildUniApp({
    platform,
    input,
    output: join(ROOT, '.cache/hosts-fixture', platform),
    watched: [input, join(ROOT, 'vite.config.ts'), join(ROOT, 'package.json')],
    // Otherwise Vite takes the demo's index.html.
    env: { VITE_ROOT_DIR: input },
  })
}

/**
 * Builds any uni-app project with this repository's compiler. Safe to call from several test workers: the
 * first one builds, the others wait and reuse its output.
 */
export async function buildUniApp(options: BuildOptions): Promise<string> {
  const { output } = options
  const lock = join(ROOT, '.cache', `build-${relative(ROOT, output).replace(/[^\w-]+/g, '_')}.lock`)
  mkdirSync(dirname(lock), { recursive: true })
  const release = await acquireFileLock(lock)
  // Inside the output, so that neither outlives the other.
  const stampFile = join(output, '.build-stamp')
  try {
    const stamp = stampOf(options)
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return output
    // A failed or interrupted build must not look like an old good one.
    rmSync(output, { recursive: true, force: true })
    options.prepare?.()
    await runBuild(options)
    writeFileSync(stampFile, stamp)
    return output
  } finally {
    release()
  }
}

function stampOf({ platform, watched, env = {} }: BuildOptions): string {
  const hash = createHash('sha256').update(JSON.stringify([platform, env]))
  // Beside a vite.config another build may just have its compiled copy.
  const inputs = watched.flatMap(listFiles).filter(({ path }) => !/\.timestamp-[^/]*\.mjs$/.test(path))
  for (const { path, mtimeMs, size } of inputs) hash.update(`${path} ${mtimeMs} ${size}\n`)
  return hash.digest('hex')
}

async function runBuild({ platform, input, output, env }: BuildOptions): Promise<void> {
  const target = platform === 'h5' ? [] : ['-p', platform]
  const child = spawn(process.execPath, ['scripts/uni.cjs', 'build', ...target], {
    cwd: ROOT,
    // A test run sets NODE_ENV and VITEST; the build must be what a user gets.
    env: {
      ...process.env,
      NODE_ENV: 'production',
      VITEST: undefined,
      UNI_INPUT_DIR: input,
      UNI_OUTPUT_DIR: output,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0 || !existsSync(output)) throw new Error(`build of ${platform} ended with ${code}:\n${log}`)
}
