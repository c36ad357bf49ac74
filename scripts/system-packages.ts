import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { aptInstall, type Requirement } from './apt-install.js'
import { postgresFolder } from './postgres-folder.js'

const onPath = (command: string) =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${command}`))

/** Debian keeps servers outside of a user's PATH. */
const isProgram = (command: string) => onPath(command) || existsSync(`/usr/sbin/${command}`)

const hasFont = (pattern: string) => {
  try {
    return execFileSync('fc-list', [pattern], { encoding: 'utf8' }).trim() !== ''
  } catch {
    return false
  }
}

/** Whether a Python here has it: Debian's, or the first on PATH. */
const hasPython = (name: string) =>
  ['/usr/bin/python3', 'python3'].some((python) => {
    try {
      execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })

const requirements: readonly Requirement[] = [
  { debianPackage: 'chromium', isThere: () => process.env.CHROMIUM !== undefined || onPath('chromium') },
  { debianPackage: 'fonts-noto-cjk', isThere: () => hasFont(':lang=zh') },
  // The pictures of formulas in the system's fonts were taken with these.
  { debianPackage: 'fonts-dejavu-core', isThere: () => hasFont('DejaVu Serif') },
  { debianPackage: 'fonts-dejavu-extra', isThere: () => hasFont('DejaVu Math TeX Gyre') },
  { debianPackage: 'fontconfig', isThere: () => onPath('fc-list') },
  { debianPackage: 'redis-server', isThere: () => onPath('redis-server') },
  // Debian keeps its programs outside of PATH.
  { debianPackage: 'postgresql', isThere: () => postgresFolder() !== undefined, neededBy: 'some' },
  // For the configurations in the guides.
  { debianPackage: 'nginx-light', isThere: () => isProgram('nginx'), neededBy: 'some' },
  { debianPackage: 'haproxy', isThere: () => isProgram('haproxy'), neededBy: 'some' },
  // For the servers in examples/. Go is too large to be installed for one test, and Java comes with its own ways.
  { debianPackage: 'python3-fastapi', isThere: () => hasPython('fastapi'), neededBy: 'some' },
  { debianPackage: 'uvicorn', isThere: () => hasPython('uvicorn'), neededBy: 'some' },
  { debianPackage: 'php-cli', isThere: () => onPath('php'), neededBy: 'some' },
]

/** Installs what the tests need of the system, or says in one line what to install. */
export async function ensureSystemPackages(): Promise<void> {
  const missing = requirements.filter((need) => !need.isThere())
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && onPath('apt-get')) return aptInstall(missing)
  const forAll = missing.filter(({ neededBy }) => neededBy !== 'some').map((need) => need.debianPackage)
  if (forAll.length > 0)
    throw new Error(
      `The tests need ${forAll.join(', ')}. On Debian: sudo apt-get install -y ${forAll.join(' ')}`,
    )
}
