import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** `uni-sse-channel/cloud` as one CommonJS text for Node 12, as it is published. */
export async function bundleCloud(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../../src/cloud/index.ts', import.meta.url))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node12',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
