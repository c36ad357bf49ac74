import type { Browser } from '../../chromium/launch-chromium.js'
import type { Page, Viewport } from '../../chromium/page.js'
import { startStaticServer } from '../../static-server.js'
import { waitForCondition, type WaitOptions } from '../../wait-for-condition.js'
import type { HideOptions, MiniProgramOptions } from '../host-options.js'
import type { MiniProgramHost } from '../mini-program-host.js'
import { readPackage } from '../read-package.js'
import type { SetDataStats } from '../set-data-meter.js'
import type { ApiCall, NetworkRecord } from '../shell/native-shell.js'
import type { NetworkType } from '../shell/network-conditions.js'
import { bundleHost } from './bundle-host.js'
import { forwardRequest } from './forward-request.js'
import { NATIVE_STYLE } from './native-style.js'
// For the type of `window.miniProgram`.
import type {} from './page-entry.js'

/** The methods of `MiniProgram`, asynchronous, in a page with layout, real taps and painting. */
export interface MiniProgramPage {
  /** For screenshots, heap, CPU rate and colour scheme. */
  readonly page: Page
  start(path?: string, query?: Record<string, string>): Promise<void>
  /** A real press of the mouse at the element's centre. */
  tap(selector: string): Promise<void>
  /** Taps the field and inserts `text` at the caret. */
  input(selector: string, text: string): Promise<void>
  /** Taps the field and presses Enter. */
  confirm(selector: string): Promise<void>
  text(selector?: string): Promise<string>
  html(): Promise<string>
  waitFor<Result>(condition: () => Result | Promise<Result>, options?: WaitOptions): Promise<Result>
  /** What the shell reports as background. The browser's own tab stays in front: this is not `page.hide()`. */
  hide(options?: HideOptions): Promise<void>
  show(): Promise<void>
  setNetwork(type: NetworkType): Promise<void>
  navigateTo(path: string, query?: Record<string, string>): Promise<void>
  back(delta?: number): Promise<void>
  pages(): Promise<MiniProgramHost['pages']>
  requests(): Promise<NetworkRecord[]>
  apiCalls(): Promise<ApiCall[]>
  /** Errors of the logic layer, then those of the page itself. */
  errors(): Promise<string[]>
  setDataStats(): Promise<SetDataStats>
  resetSetData(): Promise<void>
  /** Closes the tab and its server; the browser stays. */
  close(): Promise<void>
}

const PHONE: Viewport = { width: 375, height: 667, mobile: true, deviceScaleFactor: 2 }

/** Loads a compiled mini program (`dist/build/mp-weixin`) into a new tab. */
export async function launchMiniProgram(
  browser: Browser,
  folder: string,
  options: MiniProgramOptions = {},
): Promise<MiniProgramPage> {
  const server = await startStaticServer({
    files: {
      '/index.html': `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><style>${NATIVE_STYLE}</style><body><script src="/host.js"></script>`,
      '/host.js': await bundleHost(),
      '/package.json': JSON.stringify(readPackage(folder, options.platform)),
    },
    api: forwardRequest,
    apiPath: '/forward',
  })
  const page = await browser.newPage()
  await page.setViewport(PHONE)
  await page.goto(`${server.url}/`)
  await page.evaluate((given: MiniProgramOptions) => window.loadMiniProgram(given), options)

  /** A covered page stays in the document: only the visible one, the last, is meant. */
  const visible = (selector: string) => `.mp-page:last-child :is(${selector})`
  const read = <Key extends keyof MiniProgramHost>(key: Key) =>
    page.evaluate((name: string) => Reflect.get(window.miniProgram, name) as MiniProgramHost[Key], key)
  const errors = async () => [...(await read('errors')), ...page.errors]
  return {
    page,
    start: (path, query) =>
      page.evaluate((p?: string, q?: Record<string, string>) => window.miniProgram.start(p, q), path, query),
    tap: (selector) => page.click(visible(selector)),
    input: (selector, text) => page.type(visible(selector), text),
    async confirm(selector) {
      await page.click(visible(selector))
      await page.press('Enter')
    },
    text: (selector) => page.evaluate((s?: string) => window.miniProgram.text(s), selector),
    html: () => page.evaluate(() => window.miniProgram.html()),
    waitFor: (condition, wait) =>
      waitForCondition(condition, {
        ...wait,
        report: async () =>
          `text: ${await page.text()}\nerrors: ${(await errors()).join('\n')}\nrequests: ${JSON.stringify(await read('requests'))}`,
      }),
    hide: (given) => page.evaluate((o?: HideOptions) => window.miniProgram.hide(o), given),
    show: () => page.evaluate(() => window.miniProgram.show()),
    setNetwork: (type) => page.evaluate((t: NetworkType) => window.miniProgram.setNetwork(t), type),
    navigateTo: (path, query) =>
      page.evaluate(
        (p: string, q?: Record<string, string>) => window.miniProgram.navigateTo(p, q),
        path,
        query,
      ),
    back: (delta) => page.evaluate((d?: number) => window.miniProgram.back(d), delta),
    pages: () => read('pages'),
    requests: async () => [...(await read('requests'))],
    apiCalls: async () => [...(await read('apiCalls'))],
    errors,
    setDataStats: () => page.evaluate(() => window.miniProgram.setDataStats()),
    resetSetData: () => page.evaluate(() => window.miniProgram.resetSetData()),
    async close() {
      await page.evaluate(() => window.miniProgram.close())
      await page.close()
      await server.close()
    },
  }
}
