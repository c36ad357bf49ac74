import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Rewrites what `tsc` wrote so that TypeScript 4.9 reads it, and so that a project without @types/node is not told
 * about the types of Node, which only its server would need.
 */
export function makeTypesPortable(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const path = join(folder, name)
    const source = readFileSync(path, 'utf8')
    const portable = source
      // The same, in a file of types.
      .replace(/^export type \* from/gm, 'export * from')
      .replace(/^(?=import .* from 'node:)/gm, '// @ts-ignore: where Node has no types, these are any.\n')
    if (portable !== source) writeFileSync(path, portable)
  }
}
