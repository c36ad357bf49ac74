import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BuildPlatform } from '../hosts/build.js'
import { buildPackage } from '../package/build-package.js'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Below the repository, whose node_modules has the compiler and Vue; what the project installs itself goes before. */
const CONSUMERS = join(ROOT, '.cache/consumers')
const INSTALL_TIMEOUT_MS = 180_000
const BUILD_TIMEOUT_MS = 300_000

/**
 * Builds a uni-app project that has installed the library as npm packs it, and other packages.
 * @param dependencies as `npm install` takes them
 * @returns the output folder, absolute
 * @throws {Error} with what npm or the compiler said
 */
export async function buildConsumer(
  name: string,
  dependencies: readonly string[],
  platform: BuildPlatform = 'mp-weixin',
): Promise<string> {
  const project = join(CONSUMERS, name)
  rmSync(project, { recursive: true, force: true })
  cpSync(join(ROOT, 'test/vite/consumer'), project, { recursive: true })
  const tarball = await packLibrary(join(CONSUMERS, `${name}-package`))
  // Peers are the compiler and Vue, which are there.
  const quiet = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--prefer-offline']
  await run('npm', ['install', ...quiet, tarball, ...dependencies], {
    cwd: project,
    timeout: INSTALL_TIMEOUT_MS,
  })
  nameCompiler(join(project, 'package.json'))
  const output = join(project, 'dist/build', platform)
  await run(process.execPath, [join(ROOT, 'scripts/uni.cjs'), 'build', '-p', platform], {
    cwd: project,
    timeout: BUILD_TIMEOUT_MS,
    // A test run sets NODE_ENV and VITEST; the build must be what a user gets.
    env: {
      ...process.env,
      NODE_ENV: 'production',
      VITEST: undefined,
      UNI_INPUT_DIR: project,
      UNI_OUTPUT_DIR: output,
      VITE_ROOT_DIR: project,
    },
  })
  return output
}

interface Manifest {
  devDependencies: Record<string, string>
}

/** The compiler asks the project's package.json which platforms it has; installing them again would take minutes. */
function nameCompiler(path: string): void {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Manifest
  const compiler = Object.entries(read(join(ROOT, 'package.json')).devDependencies).filter(([name]) =>
    name.startsWith('@dcloudio/'),
  )
  writeFileSync(path, JSON.stringify({ ...read(path), devDependencies: Object.fromEntries(compiler) }))
}

/** The package's tarball. */
async function packLibrary(staging: string): Promise<string> {
  rmSync(staging, { recursive: true, force: true })
  mkdirSync(staging, { recursive: true })
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', staging]
  const { stdout } = await run('npm', pack, { cwd: await buildPackage() })
  return join(staging, stdout.trim().split('\n').pop() ?? '')
}
