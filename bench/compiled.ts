import { build } from 'esbuild'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A TypeScript file of this folder as plain JavaScript, as its users run the library: the path to fork.
 * tsx keeps function names by defining a property on every closure, which costs hundreds of bytes each.
 */
export async function compiled(file: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../.cache/bench/${basename(file, '.ts')}.mjs`, import.meta.url))
  const entry = fileURLToPath(new URL(file, import.meta.url))
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  })
  return outfile
}
