import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Outside of the repository, so that a clean checkout downloads each version once. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'uni-sse-channel', 'packages')
const DOWNLOAD_TIMEOUT_MS = 120_000

/**
 * The folder of a published package's exact version, downloaded with `npm pack` where the cache lacks it.
 * @throws {Error} what npm said, for example when the registry can't be reached
 */
export async function publishedPackage(name: string, version: string): Promise<string> {
  const target = join(CACHE, `${name.replace('/', '+')}@${version}`)
  const folder = join(target, 'package')
  if (existsSync(folder)) return folder
  mkdirSync(CACHE, { recursive: true })
  const work = await mkdtemp(join(CACHE, 'download-'))
  try {
    const options = { cwd: work, timeout: DOWNLOAD_TIMEOUT_MS }
    const { stdout } = await run('npm', ['pack', '--silent', `${name}@${version}`], options)
    await run('tar', ['xzf', stdout.trim().split('\n').pop() ?? ''], options)
    // Unless another worker was faster meanwhile.
    if (!existsSync(folder)) await rename(work, target).catch(() => undefined)
    if (!existsSync(folder)) throw new Error(`${name}@${version} is not in ${target}`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}
