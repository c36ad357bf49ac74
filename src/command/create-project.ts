import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

/** What `npm pack` leaves out. */
const GIT_IGNORE = 'node_modules/\ndist/\n'

interface Template {
  /** A project in the package. */
  readonly folder: string
  /** Of the package: the project asks for it or a newer one that is compatible. */
  readonly version: string
}

/**
 * Copies the template into a folder that is empty or not there.
 * @throws {Error} there is something in the folder
 */
export function createProject(target: string, { folder, version }: Template): void {
  const path = resolve(target)
  if (existsSync(path) && readdirSync(path).length > 0) throw new Error(`${target} is not empty.`)
  cpSync(folder, path, { recursive: true })
  const manifest = join(path, 'package.json')
  const { dependencies, ...others } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const own = {
    ...others,
    // npm takes lower case only.
    name:
      basename(path)
        .toLowerCase()
        .replace(/[^a-z0-9-]+/g, '-')
        .replace(/^-+|-+$/g, '') || 'my-app',
    dependencies: { ...dependencies, 'uni-sse-channel': `^${version}` },
  }
  writeFileSync(manifest, `${JSON.stringify(own, null, 2)}\n`)
  writeFileSync(join(path, '.gitignore'), GIT_IGNORE)
}
