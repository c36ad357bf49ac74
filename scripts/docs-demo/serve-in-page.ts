import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { nodeModules } from './node-modules.js'

/** The app begins once its server is there, or where a browser has none, without. */
const begin = (script: string) => `<script type="module">
const ready = navigator.serviceWorker?.register('server.js').then(
  () =>
    navigator.serviceWorker.controller ??
    new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true })),
)
await ready?.catch(() => undefined)
await import('${script}')
</script>`

/**
 * Gives a built H5 demo a server of its own, as a service worker.
 * @throws {Error} the demo's page begins in a way that is not known
 */
export async function serveInPage(folder: string): Promise<void> {
  await build({
    entryPoints: ['scripts/docs-demo/worker.ts'],
    outfile: join(folder, 'server.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    alias: { 'uni-sse-channel/server': resolve('src/server/index.ts') },
    plugins: [nodeModules],
    inject: ['scripts/docs-demo/node-globals.ts'],
    // Loaded when they are used, which the demo does not.
    external: ['jose', '@opentelemetry/api', 'prom-client', 'ws', 'redis', 'pg'],
    logLevel: 'warning',
  })
  const index = join(folder, 'index.html')
  const html = readFileSync(index, 'utf8')
  const begun = html.replace(
    /<script type="module" crossorigin src="(.+?)"><\/script>/,
    (_all, script: string) => begin(script),
  )
  if (begun === html) throw new Error(`${index} begins in a way that is not known`)
  writeFileSync(index, begun)
}
