import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { transform } from 'esbuild'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { definesFor, definesWithout, type LeaveOut } from '../../src/vite/platform-defines.js'
import { buildPlayApp } from './build-app.js'

const LIMIT_KB = 37.3
/** Of what an app can do without, nothing is in it. */
const LEAST_KB = 30.6
const STYLES_LIMIT_KB = 2.5

const kilobytes = (code: string | Buffer) => gzipSync(code).length / 1024

/** What the component imports of the engine, as an app for WeChat bundles it. */
async function engineWithout(leaveOut: NonNullable<LeaveOut['leaveOut']>): Promise<number> {
  const markdown = fileURLToPath(new URL('../../src/markdown.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { ...definesFor('mp-weixin'), ...definesWithout({ leaveOut }) },
    plugins: [
      {
        name: 'engine',
        enforce: 'pre',
        resolveId: (id) => (id.endsWith('the-engine') ? 'the-engine' : null),
        load: (id) =>
          id === 'the-engine'
            ? `export { createMarkdown, Flattener, runStyle } from ${JSON.stringify(markdown)}`
            : null,
      },
    ],
    build: { write: false, target: 'es2018', lib: { entry: 'the-engine', formats: ['es'] } },
  })
  const [result] = [built].flat()
  if (!result || !('output' in result)) throw new Error('nothing was built')
  const { code } = await transform(result.output[0].code, { minify: true, target: 'es2018' })
  return kilobytes(code)
}

it(`scripts and templates of the component as WeChat gets it, with the markdown engine, are at most ${LIMIT_KB} kB of gzip, ${LEAST_KB} without HTML, formulas and names of characters, its styles ${STYLES_LIMIT_KB} kB`, async () => {
  const folder = join(await buildPlayApp('mp-weixin'), 'components/streaming-text')
  const sizeOf = (files: RegExp) => {
    const found = readdirSync(folder).filter((name) => files.test(name))
    return kilobytes(Buffer.concat(found.map((name) => readFileSync(join(folder, name)))))
  }
  const component = sizeOf(/\.(js|wxs|wxml)$/)
  const size = component + (await engineWithout([]))
  const least = component + (await engineWithout(['html', 'formulas', 'entities']))
  const styles = sizeOf(/\.wxss$/)
  console.log(
    `component and markdown: ${size.toFixed(1)} kB gzip, at least ${least.toFixed(1)}, styles: ${styles.toFixed(1)}`,
  )
  expect(size).toBeLessThanOrEqual(LIMIT_KB)
  expect(least).toBeLessThanOrEqual(LEAST_KB)
  expect(styles).toBeLessThanOrEqual(STYLES_LIMIT_KB)
})
