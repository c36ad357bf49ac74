import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from '../chromium/launch-chromium.js'
import type { Page, Viewport } from '../chromium/page.js'
import { forwardRequest } from '../mini-program/chromium/forward-request.js'
import type { HideOptions } from '../mini-program/host-options.js'
import { toUrl } from '../mini-program/parse-url.js'
import type { ConsoleMessage } from '../mini-program/record-console.js'
import type { NetworkType } from '../mini-program/shell/network-conditions.js'
import { startStaticServer } from '../static-server.js'
import { waitForCondition, type WaitOptions } from '../wait-for-condition.js'
import type { AppHost } from './app-host.js'
import type { AppOptions, BridgeStats, OpenAppPage } from './app-options.js'
import { bundleAppHost, bundleFramework } from './bundle-app-host.js'
// For the type of `window.app`.
import type {} from './page-entry.js'
import type { AppNetworkRecord } from './shell/native-app.js'

/** A compiled App in a tab: its service layer, and every page's view layer in a frame of its own. */
export interface AppPage {
  /** For screenshots, heap and CPU rate. */
  readonly page: Page
  /**
   * Launches the app on a page, by default its first. Resolves when that page shows something.
   * @param path without a leading slash
   */
  start(path?: string, query?: Record<string, string>): Promise<void>
  /** A press at the centre of the first match on the visible page. Waits for it. */
  tap(selector: string): Promise<void>
  /** Taps the field and inserts `text` at the caret. */
  input(selector: string, text: string): Promise<void>
  /** Taps the field and presses Enter. */
  confirm(selector: string): Promise<void>
  /** Text of the visible page, or of the first match in it. */
  text(selector?: string): Promise<string>
  /** Exact text of the last match on the visible page, as it is in the document, without what `except` matches in it. */
  content(selector: string, except?: string): Promise<string>
  /** Matches on the visible page. */
  count(selector: string): Promise<number>
  waitFor<Result>(condition: () => Result | Promise<Result>, options?: WaitOptions): Promise<Result>
  /** The app goes to the background. Android lets it run on; iOS suspends it soon: `suspendAfterMs`. */
  hide(options?: HideOptions): Promise<void>
  show(): Promise<void>
  /** With `none`, connections of both layers are cut. */
  setNetwork(type: NetworkType): Promise<void>
  /** The phone's own push service brings this: `{ title, content, payload }`. */
  receivePush(message: object): Promise<void>
  /** What `uni.getStorageSync` gives; undefined when nothing is stored. */
  stored(key: string): Promise<unknown>
  /** The same of every key. */
  allStored(): Promise<Record<string, unknown>>
  navigateTo(path: string, query?: Record<string, string>): Promise<void>
  /** Replaces the visible page; its WebView is closed. */
  redirectTo(path: string, query?: Record<string, string>): Promise<void>
  /** Closes all pages and their WebViews. */
  reLaunch(path: string, query?: Record<string, string>): Promise<void>
  /** The back button. */
  back(): Promise<void>
  /** The open pages, the visible one last. */
  pages(): Promise<readonly OpenAppPage[]>
  /** Ids of all WebViews, shown or not, pages' or not. */
  webViews(): Promise<readonly string[]>
  /** The system kills a WebView's process and loads its page again. On iOS the framework restores the page. */
  crash(webView: string): Promise<void>
  /** A WebView's process stands still until `unstall`: what is sent either way waits. */
  stall(webView: string): Promise<void>
  unstall(webView: string): Promise<void>
  listeners(webView: string, event: string): Promise<number>
  bridgeStats(): Promise<BridgeStats>
  resetBridge(): Promise<void>
  requests(): Promise<readonly AppNetworkRecord[]>
  console(): Promise<readonly ConsoleMessage[]>
  touched(): Promise<readonly string[]>
  /** Runs a script in the service layer; what it is to leave behind it puts on `globalThis`. */
  runInService(script: string): Promise<void>
  /** Calls a function that the service layer's scripts have left on their global object. */
  callService<Result>(name: string, ...args: unknown[]): Promise<Result>
  /** Errors of the service layer, then those of the views. */
  errors(): Promise<string[]>
  /** Closes the tab and its server; the browser stays. */
  close(): Promise<void>
}

const PHONE: Viewport = { width: 375, height: 667, mobile: true, deviceScaleFactor: 2 }
const STYLE =
  'body{margin:0}#stage,iframe{position:fixed;inset:0;width:100%;height:100%;border:0;background:#fff}'

/** Loads a compiled App (`dist/build/app`) into a new tab. */
export async function launchApp(
  browser: Browser,
  folder: string,
  options: AppOptions = {},
): Promise<AppPage> {
  const view = readFileSync(join(folder, '__uniappview.html'), 'utf8')
  const server = await startStaticServer({
    folder,
    files: {
      '/index.html': `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><style>${STYLE}</style><body><script src="/host.js"></script>`,
      '/host.js': await bundleAppHost(),
      '/framework.js': await bundleFramework(options.runtime),
      '/__uniappview.html': view.replace('<head>', '<head><script>parent.equipPage(window)</script>'),
    },
    api: forwardRequest,
    apiPath: '/forward',
  })
  const page = await browser.newPage()
  await page.setViewport(PHONE)
  await page.goto(`${server.url}/`)

  const read = <Key extends keyof AppHost>(key: Key) =>
    page.evaluate((name: string) => Reflect.get(window.app, name) as AppHost[Key], key)
  const errors = async () => [...((await read('errors')) ?? []), ...page.errors]
  const navigate =
    (method: 'navigateTo' | 'redirectTo' | 'reLaunch') =>
    (path: string, query = {}) =>
      page.evaluate(
        (name: typeof method, url: string) => window.app.navigate(name, url),
        ...([method, toUrl(path, query)] as const),
      )
  const text = (selector?: string) => page.evaluate((s?: string) => window.app.text(s), selector)
  const waitFor: AppPage['waitFor'] = (condition, wait) =>
    waitForCondition(condition, {
      ...wait,
      report: async () =>
        `text: ${await text().catch(String)}\nerrors: ${(await errors()).join('\n')}\nrequests: ${JSON.stringify(await read('requests'))}\nconsole: ${JSON.stringify(await read('console'))}`,
    })

  async function tap(selector: string) {
    const what = `${selector} to be tappable`
    let wobble = 0
    const point = await waitFor(
      async () => {
        const { x, y } = await page.evaluate((s: string) => window.app.pointOf(s), selector)
        // For a while after a frame has appeared, Chromium gives its mouse events to the page around it.
        wobble = 1 - wobble
        await page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: x + wobble, y, button: 'none' })
        return (await page.evaluate(() => window.app.isUnderPointer())) && { x, y }
      },
      { what },
    )
    if (point) await page.clickAt(point)
  }

  const app: AppPage = {
    page,
    async start(path = '', query = {}) {
      const search = toUrl('', query).replace(/^\/\??/, '')
      await page.evaluate(
        (launch: { path: string; query: string }, given: AppOptions) => window.startApp(launch, given),
        ...([{ path, query: search }, options] as const),
      )
      await waitFor(async () => (await text()) !== '', { what: 'the first page' })
    },
    tap,
    async input(selector, value) {
      await tap(selector)
      await page.send('Input.insertText', { text: value })
    },
    async confirm(selector) {
      await tap(selector)
      await page.press('Enter')
    },
    text,
    content: (selector, except) =>
      page.evaluate(
        (wanted: string, unwanted?: string) => {
          const copy = [...window.app.document().querySelectorAll(wanted)].at(-1)?.cloneNode(true)
          if (unwanted !== undefined)
            (copy as Element | undefined)?.querySelectorAll(unwanted).forEach((each) => each.remove())
          return copy?.textContent ?? ''
        },
        ...([selector, except] as const),
      ),
    count: (selector) =>
      page.evaluate((s: string) => window.app.document().querySelectorAll(s).length, selector),
    waitFor,
    hide: (given) => page.evaluate((o?: HideOptions) => window.app.hide(o), given),
    show: () => page.evaluate(() => window.app.show()),
    setNetwork: (type) => page.evaluate((t: NetworkType) => window.app.setNetwork(t), type),
    receivePush: (message) => page.evaluate((m: object) => window.app.receivePush(m), message),
    stored: (key) => page.evaluate((k: string) => window.app.stored(k), key),
    allStored: () => page.evaluate(() => window.app.allStored()),
    navigateTo: navigate('navigateTo'),
    redirectTo: navigate('redirectTo'),
    reLaunch: navigate('reLaunch'),
    back: () => page.evaluate(() => window.app.back()),
    pages: () => read('pages'),
    webViews: () => read('webViews'),
    crash: (id) => page.evaluate((i: string) => window.app.crash(i), id),
    stall: (id) => page.evaluate((i: string) => window.app.stall(i), id),
    unstall: (id) => page.evaluate((i: string) => window.app.unstall(i), id),
    listeners: (id, event) =>
      page.evaluate((i: string, name: string) => window.app.listeners(i, name), ...([id, event] as const)),
    bridgeStats: () => page.evaluate(() => window.app.bridgeStats()),
    resetBridge: () => page.evaluate(() => window.app.resetBridge()),
    requests: () => read('requests'),
    console: () => read('console'),
    touched: () => read('touched'),
    runInService: (script) => page.evaluate((code: string) => window.app.runInService(code), script),
    callService: (name, ...args) =>
      page.evaluate(
        (n: string, given: unknown[]) => window.app.callService(n, given) as never,
        ...([name, args] as const),
      ),
    errors,
    async close() {
      await page.close()
      await server.close()
    },
  }
  return app
}
