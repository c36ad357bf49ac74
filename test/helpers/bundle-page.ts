import { build } from 'esbuild'

/** A TypeScript file and all it imports as one script for a page. */
export async function bundlePage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2018',
  })
  return outputFiles[0]?.text ?? ''
}
