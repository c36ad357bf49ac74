import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { buildPlayApp } from './build-app.js'

const LIMIT_BYTES = 25 * 1024

it('the component as WeChat gets it, with the markdown engine, is at most 25 kB of gzip', async () => {
  const folder = join(await buildPlayApp('mp-weixin'), 'components/streaming-text')
  const component = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
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
  for (const name of readdirSync(folder))
    console.log(name, gzipSync(readFileSync(join(folder, name))).length)
  console.log('engine', gzipSync(engine.outputFiles[0]!.contents).length, gzipSync(Buffer.concat(component)).length)
  const size = gzipSync(Buffer.concat(component)).length + gzipSync(engine.outputFiles[0]!.contents).length
  console.log(`component and markdown: ${(size / 1024).toFixed(1)} kB gzip`)
  expect(size).toBeLessThanOrEqual(LIMIT_BYTES)
})
