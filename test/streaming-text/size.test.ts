import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { buildPlayApp } from './build-app.js'

const LIMIT_BYTES = 25 * 1024

it('scripts and templates of the component as WeChat gets it, with the markdown engine, are at most 25 kB of gzip', async () => {
  const folder = join(await buildPlayApp('mp-weixin'), 'components/streaming-text')
  const component = readdirSync(folder)
    .filter((name) => /\.(js|wxs|wxml)$/.test(name))
    .map((name) => readFileSync(join(folder, name)))
  const engine = await build({
    // What the component imports, as a bundler shakes it.
    stdin: {
      contents: `export { createMarkdown, Flattener, runStyle } from './markdown.js'`,
      resolveDir: fileURLToPath(new URL('../../src', import.meta.url)),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2018',
  })
  const size = gzipSync(Buffer.concat(component)).length + gzipSync(engine.outputFiles[0]!.contents).length
  console.log(`component and markdown: ${(size / 1024).toFixed(1)} kB gzip`)
  expect(size).toBeLessThanOrEqual(LIMIT_BYTES)
})
