// Part of npm run check: whose code is in lib/, and whose it asks for at run time, may be used as we use it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ALLOWED: readonly string[] = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']
const LICENCES = 'vendored/LICENSE'
/** How esbuild marks what it has put into a file. */
const BUNDLED = /^\s*\/\/ (?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm

interface Manifest {
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}
const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/**
 * What is wrong with the licences, a sentence each.
 * @param folder of the library as built, beside or below a package.json
 * @param manifest of the package
 * @param licenceOf a package, by name
 */
export function wrongLicences(
  folder: string,
  manifest: Manifest,
  licenceOf: (name: string) => string | undefined,
): string[] {
  const given = readFileSync(join(folder, LICENCES), 'utf8')
  const vendored = Array.from(given.matchAll(/^=== (\S+)$/gm), ([, name = '']) => name)
  const bundled = new Set<string>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (/\.c?js$/.test(name))
      for (const [, inside = ''] of readFileSync(join(folder, name), 'utf8').matchAll(BUNDLED))
        bundled.add(inside)
  const asked = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})]
  const untold = [...bundled].filter((name) => !vendored.includes(name))
  const refused = [...new Set([...vendored, ...bundled, ...asked])].filter(
    (name) => !ALLOWED.includes(licenceOf(name) ?? ''),
  )
  return [
    ...untold.map((name) => `Code of ${name} is in ${folder}, its licence is not in ${LICENCES}.`),
    ...refused.map(
      (name) => `${name} has the licence ${licenceOf(name)}; allowed are ${ALLOWED.join(', ')}.`,
    ),
  ]
}

if (process.argv[1] === import.meta.filename) {
  const wrong = wrongLicences(
    'lib',
    manifestOf('.'),
    (name) => manifestOf(join('node_modules', name)).license,
  )
  for (const each of wrong) console.error(each)
  if (wrong.length > 0) process.exit(1)
}
