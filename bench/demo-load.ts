/**
 * What the first view of the demo's chat costs on a slow phone: a CPU four times slower, 1.6 Mb/s down with 150 ms
 * to the server, nothing in the cache. The script that comes before the page stands still, as gzip sends it, and when
 * the first words are painted. Best of several loads: another program's work is not the page's.
 */
import { statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { compressFiles } from '../scripts/compress-files.js'
import { createDemoServer } from '../scripts/demo-server.js'
import { buildDemo } from '../test/hosts/build.js'
import { launchChromium, type Browser } from '../test/hosts/chromium/launch-chromium.js'
import { rounded, type BenchResult } from './bench.js'

const RUNS = 5
const SLOWER = 4
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 }
/** No request for so long: the page has what it loads. In milliseconds. */
const STILL_MS = 2_000

async function load(browser: Browser, url: string) {
  const page = await browser.newPage()
  const scripts = new Set<string>()
  let last = Date.now()
  page.on('Network.requestWillBeSent', ({ request }) => {
    last = Date.now()
    const path = new URL((request as { readonly url: string }).url).pathname
    if (path.endsWith('.js')) scripts.add(path)
  })
  page.on('Network.loadingFinished', () => (last = Date.now()))
  await page.setViewport({ width: 390, height: 844, mobile: true })
  await page.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.send('Network.emulateNetworkConditions', NETWORK)
  await page.throttleCpu(SLOWER)
  await page.goto(url)
  await page.waitFor(() => document.querySelector('.chat__greeting') !== null, { timeoutMs: 120_000 })
  while (Date.now() - last < STILL_MS) await new Promise((resolve) => setTimeout(resolve, 50))
  const paintedMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  )
  await page.close()
  return { paintedMs, scripts }
}

export default async function demoLoad(): Promise<BenchResult> {
  const folder = await buildDemo('h5')
  compressFiles(folder)
  const demo = createDemoServer(folder, {})
  await new Promise<void>((listening) => demo.server.listen(0, '127.0.0.1', listening))
  const browser = await launchChromium()
  const loads = []
  try {
    for (let run = 0; run < RUNS; run++)
      loads.push(await load(browser, `http://127.0.0.1:${(demo.server.address() as AddressInfo).port}/`))
  } finally {
    await browser.close()
    await demo.close()
  }
  const sizeOf = (path: string) => statSync(join(folder, `${path}.gz`), { throwIfNoEntry: false })?.size ?? 0
  const scripts = [...(loads[0]?.scripts ?? [])]
  const kilobytes = scripts.reduce((sum, path) => sum + sizeOf(path), 0) / 1024
  const paintedMs = Math.min(...loads.map((one) => one.paintedMs))
  return {
    rows: [
      { subject: 'chat page', metric: 'script_gzip', value: rounded(kilobytes), unit: 'KB' },
      { subject: 'chat page', metric: 'first_contentful_paint', value: rounded(paintedMs), unit: 'ms' },
    ],
    ratios: { script_of_200_KB: rounded(kilobytes / 200), paint_of_2_s: rounded(paintedMs / 2_000) },
  }
}
