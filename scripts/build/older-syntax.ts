import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'

/**
 * Writes what is newer than ES2018 in its words: older base libraries of mini-programs can't parse it, and not every
 * app's build translates its packages. esbuild needs fewer words for `??` and `?.` than tsc.
 */
export async function writeOlderSyntax(folder: string): Promise<void> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const path of names.filter((name) => name.endsWith('.js')).map((name) => join(folder, name))) {
    const { code } = await transform(readFileSync(path, 'utf8'), {
      target: 'es2018',
      // Of what only Node runs: the command and the Vite plugin.
      supported: { 'top-level-await': true, 'import-meta': true },
    })
    writeFileSync(path, code)
  }
}
