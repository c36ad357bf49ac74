import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { buildPlayApp } from './build-app.js'

const LIMIT_BYTES = 35.5 * 1024
const STYLES_LIMIT_BYTES = 2.5 * 1024

it('scripts and templates of the component as WeChat gets it, with the markdown engine, are at most 35.5 kB of gzip, its styles 2.5 kB', async () => {
  const folder = join(await buildPlayApp('mp-weixin'), 'components/streaming-text')
  const sizeOf = (files: RegExp) => {
    const found = readdirSync(folder).filter((name) => files.test(name))
    return gzipSync(Buffer.concat(found.map((name) => readFileSync(join(folder, name))))).length
  }
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
  const size = sizeOf(/\.(js|wxs|wxml)$/) + gzipSync(engine.outputFiles[0]!.contents).length
  const styles = sizeOf(/\.wxss$/)
  const inKb = (bytes: number) => (bytes / 1024).toFixed(1)
  console.log(`component and markdown: ${inKb(size)} kB gzip, styles: ${inKb(styles)} kB`)
  expect(size).toBeLessThanOrEqual(LIMIT_BYTES)
  expect(styles).toBeLessThanOrEqual(STYLES_LIMIT_BYTES)
})
