import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { reachable } from './reachable.js'

/** Entries whose CommonJS is one file of its own (standalone.ts): of these only the types get a twin. */
const STANDALONE: readonly string[] = ['cloud/index']

/**
 * Gives every module that `require()` can reach a twin in CommonJS, and every type file one too: what a project with
 * CommonJS gets is then described as what it is. Modules stay apart, so that entries share them.
 */
export async function buildCommonJs(folder: string): Promise<void> {
  const entries = requiredEntries(folder)
  const scripts = entries.filter((entry) => !STANDALONE.some((name) => entry === join(folder, name)))
  for (const path of reachable(scripts.map((entry) => `${entry}.js`))) await writeScript(path)
  for (const path of reachable(entries.map((entry) => `${entry}.d.ts`))) writeTypes(path)
}

/** Paths, without extension, of the modules that package.json exports for `require`. */
function requiredEntries(folder: string): string[] {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> }
  return Object.values(exports).flatMap((target) => {
    const script = (target as { require?: { default?: string } }).require?.default ?? ''
    const name = /^\.\/lib\/(.*)\.cjs$/.exec(script)?.[1]
    return name === undefined || name.startsWith('vite/') ? [] : [join(folder, name)]
  })
}

const toTwins = (source: string) => source.replace(/(["'])(\.\.?\/[^"'\n]*)\.js\1/g, '$1$2.cjs$1')

async function writeScript(path: string): Promise<void> {
  const { code } = await transform(readFileSync(path, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
  })
  writeFileSync(path.replace(/\.js$/, '.cjs'), toTwins(code))
}

function writeTypes(path: string): void {
  writeFileSync(path.replace(/\.d\.ts$/, '.d.cts'), toTwins(readFileSync(path, 'utf8')))
}
