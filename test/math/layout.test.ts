import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Browser } from '../hosts/chromium/launch-chromium.js'
import { startStaticServer } from '../hosts/static-server.js'
import { formulas } from './formulas.js'
import type { Compared } from './layout-page.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const PAGE = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/katex.css">
<style>body { font: 16px/1.7 sans-serif } .katex-display { margin: 0 }</style><script src="/page.js"></script>`

it('every sign of every formula stands where KaTeX and its style sheet put it, within a pixel', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('layout-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
  })
  const server = await startStaticServer({
    folder: fileURLToPath(new URL('../../node_modules/katex/dist', import.meta.url)),
    files: { '/index.html': PAGE, '/page.js': Buffer.from(outputFiles[0]!.contents) },
  })
  const page = await browser.newPage()
  await page.setViewport({ width: 1200, height: 800 })
  await page.goto(`${server.url}/`)
  const compared = await page.evaluate(() =>
    (window as unknown as { compareAll: () => Promise<Compared[]> }).compareAll(),
  )
  const wrong = compared.flatMap(({ source, theirs, ours }) => {
    if (ours.map(({ text }) => text).join() !== theirs.map(({ text }) => text).join())
      return [`${source}: text`]
    // A number of an equation follows it here, and stands at the page's edge there.
    if (source.includes('\\tag')) return []
    return theirs.flatMap(({ text, box }, at) =>
      box.some((size, side) => Math.abs(size - ours[at]!.box[side]!) > 1)
        ? [`${source}: ${text} at ${box.map(Math.round)}, not ${ours[at]!.box.map(Math.round)}`]
        : [],
    )
  })
  expect(wrong).toEqual([])
  expect(compared.length).toBeGreaterThan(1.8 * formulas.length)
  expect(page.errors).toEqual([])
  await page.close()
  await server.close()
})

it('the style sheet names fonts that KaTeX brings', () => {
  const css = readFileSync(new URL('../../components/streaming-text/math-fonts.css', import.meta.url), 'utf8')
  const files = [...css.matchAll(/url\('(katex\/[^']+)'\)/g)].map(([, path]) => path!)
  expect(files.length).toBeGreaterThan(15)
  for (const file of files)
    expect(readFileSync(new URL(`../../node_modules/${file}`, import.meta.url)).length).toBeGreaterThan(1000)
})
