import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Puts KaTeX, its licence and its fonts into the folder: a project of HBuilderX has no npm to take them from. */
export async function buildKatex(folder: string): Promise<void> {
  mkdirSync(join(folder, 'fonts'), { recursive: true })
  await build({
    entryPoints: ['node_modules/katex/dist/katex.mjs'],
    outfile: join(folder, 'katex.js'),
    format: 'esm',
    target: 'es2018',
    logLevel: 'warning',
  })
  cpSync('node_modules/katex/LICENSE', join(folder, 'LICENSE.katex'))
  const fonts = 'node_modules/katex/dist/fonts'
  for (const name of readdirSync(fonts).filter((name) => name.endsWith('.woff2')))
    cpSync(join(fonts, name), join(folder, 'fonts', name))
}
