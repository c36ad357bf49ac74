import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run } from './run.js'

interface Requirement {
  readonly debianPackage: string
  readonly isThere: () => boolean
}

const onPath = (command: string) =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${command}`))

const hasFont = (pattern: string) => {
  try {
    return execFileSync('fc-list', [pattern], { encoding: 'utf8' }).trim() !== ''
  } catch {
    return false
  }
}

const requirements: readonly Requirement[] = [
  { debianPackage: 'chromium', isThere: () => process.env.CHROMIUM !== undefined || onPath('chromium') },
  { debianPackage: 'fonts-noto-cjk', isThere: () => hasFont(':lang=zh') },
  // The pictures of formulas in the system's fonts were taken with these.
  { debianPackage: 'fonts-dejavu-core', isThere: () => hasFont('DejaVu Serif') },
  { debianPackage: 'fonts-dejavu-extra', isThere: () => hasFont('DejaVu Math TeX Gyre') },
  { debianPackage: 'fontconfig', isThere: () => onPath('fc-list') },
  { debianPackage: 'redis-server', isThere: () => onPath('redis-server') },
]

/** Installs what the tests need of the system, or says in one line what to install. */
export async function ensureSystemPackages(): Promise<void> {
  const missing = requirements.filter((need) => !need.isThere()).map((need) => need.debianPackage)
  if (missing.length === 0) return
  const install = `apt-get install -y ${missing.join(' ')}`
  if (process.getuid?.() !== 0 || !onPath('apt-get'))
    throw new Error(`The tests need ${missing.join(', ')}. On Debian: sudo ${install}`)
  console.log(`Installing ${missing.join(', ')} …`)
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], quiet)
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)
}
