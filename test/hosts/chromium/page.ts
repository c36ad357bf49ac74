import { writeFile } from 'node:fs/promises'
import { withTimeout } from '../with-timeout.js'
import { waitForCondition, type WaitOptions } from '../wait-for-condition.js'
import type { DevToolsConnection, EventListener, ProtocolParams } from './devtools-connection.js'
import { type PageFunction, toExpression, toValue } from './evaluate.js'
import { pointOf } from './point-of.js'
import { collectConsole, type ConsoleEntry } from './collect-console.js'

export interface Viewport {
  /** CSS pixels. */
  width: number
  height: number
  /** Mobile layout (viewport meta, overlay scrollbars) and touch. Default false. */
  mobile?: boolean
  /** Default 1. */
  deviceScaleFactor?: number
}

/** Windows virtual key codes, which the protocol wants beside the names. */
const KEYS = { Tab: 9, Enter: 13, Escape: 27 }
const LOAD_TIMEOUT_MS = 20_000
const ANSWER_TIMEOUT_MS = 20_000

/**
 * One tab. It behaves as a person's tab does: no focus emulation, so it can be hidden and frozen.
 * `console` and `errors` collect from the start and are never cleared.
 */
export class Page {
  readonly console: ConsoleEntry[] = []
  /** Uncaught exceptions and unhandled rejections, each with its stack. */
  readonly errors: string[] = []
  readonly #connection: DevToolsConnection
  readonly #targetId: string
  readonly #sessionId: string
  #cover: string | undefined

  private constructor(connection: DevToolsConnection, targetId: string, sessionId: string) {
    this.#connection = connection
    this.#targetId = targetId
    this.#sessionId = sessionId
  }

  static async open(connection: DevToolsConnection): Promise<Page> {
    const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page(connection, String(targetId), String(sessionId))
    collectConsole(page)
    for (const domain of ['Page', 'Runtime', 'Network', 'Log', 'HeapProfiler'])
      await page.send(`${domain}.enable`)
    return page
  }

  /** Any other protocol command for this tab. */
  send(method: string, params?: ProtocolParams): Promise<ProtocolParams> {
    return this.#connection.send(method, params, this.#sessionId)
  }

  /** Any protocol event of this tab; returns its undo. */
  on(method: string, listener: EventListener): () => void {
    return this.#connection.on(this.#sessionId, method, listener)
  }

  /** Loads `url` and waits for its load event. A change of only the hash does not reload, as in any browser. */
  async goto(url: string): Promise<void> {
    await this.#load(async () => {
      const { errorText, loaderId } = await this.send('Page.navigate', { url })
      if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`)
      return loaderId !== undefined
    })
  }

  async reload(): Promise<void> {
    await this.#load(async () => {
      await this.send('Page.reload')
      return true
    })
  }

  /**
   * Runs a function (or an expression) in the page and awaits its result, which must survive JSON.
   * @throws {Error} what the page threw; also when the page gives no answer for 20 s, as a frozen one
   */
  async evaluate<Result, Arguments extends unknown[] = unknown[]>(
    target: PageFunction<Arguments, Result>,
    ...args: Arguments
  ): Promise<Result> {
    const expression = toExpression(target as PageFunction<never[], unknown>, args)
    const answer = this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
    return toValue(
      await withTimeout(answer, ANSWER_TIMEOUT_MS, 'the page does not answer: frozen?'),
    ) as Result
  }

  /**
   * Polls `predicate` in the page until it is truthy and returns what it gave.
   * The clock is the test's, not the page's: timers of a hidden page are throttled.
   * @throws {Error} after `timeoutMs` (default 5000), with the page's text, console errors and exceptions
   */
  waitFor<Result, Arguments extends unknown[] = unknown[]>(
    predicate: PageFunction<Arguments, Result>,
    options: WaitOptions = {},
    ...args: Arguments
  ): Promise<Result> {
    return waitForCondition(() => this.evaluate(predicate, ...args), {
      what: predicate.toString(),
      ...options,
      report: async () =>
        [
          `text: ${await this.text().catch(String)}`,
          `console errors: ${this.console
            .filter(({ type }) => type === 'error')
            .map(({ text }) => text)
            .join('\n')}`,
          `exceptions: ${this.errors.join('\n')}`,
        ].join('\n'),
    })
  }

  /** The page's visible text. */
  text(): Promise<string> {
    return this.evaluate(() => document.body.innerText)
  }

  /**
   * Presses the mouse at the centre of the first element that matches, scrolled into view.
   * @throws {Error} nothing matches, it has no size, or something else lies over its centre
   */
  async click(selector: string): Promise<void> {
    const point = { ...(await this.evaluate(pointOf, selector)), button: 'left', clickCount: 1 }
    await this.send('Input.dispatchMouseEvent', { ...point, type: 'mouseMoved', button: 'none' })
    await this.send('Input.dispatchMouseEvent', { ...point, type: 'mousePressed' })
    await this.send('Input.dispatchMouseEvent', { ...point, type: 'mouseReleased' })
  }

  /** Clicks the element and inserts `text` at the caret, as an input method does: any script, emoji included. */
  async type(selector: string, text: string): Promise<void> {
    await this.click(selector)
    await this.send('Input.insertText', { text })
  }

  /** Presses and releases one key in whatever has the focus. */
  async press(key: keyof typeof KEYS): Promise<void> {
    const event = { key, code: key, windowsVirtualKeyCode: KEYS[key], text: key === 'Enter' ? '\r' : '' }
    await this.send('Input.dispatchKeyEvent', { ...event, type: 'keyDown' })
    await this.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp', text: '' })
  }

  /** Writes a PNG of the viewport. A hidden page paints nothing: show it first. */
  async screenshot(path: string): Promise<void> {
    const shot = this.send('Page.captureScreenshot', { format: 'png' })
    const { data } = await withTimeout(shot, ANSWER_TIMEOUT_MS, 'no screenshot: hidden?')
    await writeFile(path, Buffer.from(String(data), 'base64'))
  }

  async setViewport({ width, height, mobile = false, deviceScaleFactor = 1 }: Viewport): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, mobile, deviceScaleFactor })
    await this.send('Emulation.setTouchEmulationEnabled', { enabled: mobile })
  }

  async setColorScheme(value: 'light' | 'dark'): Promise<void> {
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
  }

  /** Runs before any script of every page loaded from now on. */
  async addInitScript<Arguments extends unknown[]>(
    script: PageFunction<Arguments, unknown>,
    ...args: Arguments
  ): Promise<void> {
    const source = toExpression(script as PageFunction<never[], unknown>, args)
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source })
  }

  /** Puts another tab in front; this one becomes `visibilityState: 'hidden'`. */
  async hide(): Promise<void> {
    if (this.#cover === undefined) {
      const { targetId } = await this.#connection.send('Target.createTarget', { url: 'about:blank' })
      this.#cover = String(targetId)
    }
    await this.#connection.send('Target.activateTarget', { targetId: this.#cover })
    await this.waitFor(() => document.visibilityState === 'hidden')
  }

  /** Brings the tab to the front again. */
  async show(): Promise<void> {
    await this.#connection.send('Target.activateTarget', { targetId: this.#targetId })
    await this.waitFor(() => document.visibilityState === 'visible')
  }

  /** Hides the page, then freezes it (no task runs), as browsers do to background tabs. `evaluate` hangs until `resume()`. */
  async freeze(): Promise<void> {
    await this.hide()
    await this.send('Page.setWebLifecycleState', { state: 'frozen' })
  }

  /** Thaws the page; it stays hidden until `show()`. */
  async resume(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'active' })
  }

  /**
   * Fires offline / online and fails new requests. Streams and sockets already open keep running in Chromium:
   * only destroying the server's sockets cuts those.
   */
  async setOffline(offline: boolean): Promise<void> {
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
    await this.send('Network.emulateNetworkConditions', { offline, ...unlimited })
  }

  /** Makes the page's CPU `rate` times slower; 1 is off. */
  async throttleCpu(rate: number): Promise<void> {
    await this.send('Emulation.setCPUThrottlingRate', { rate })
  }

  /** Bytes of JavaScript heap in use after a full garbage collection. */
  async heapUsedBytes(): Promise<number> {
    await this.send('HeapProfiler.collectGarbage')
    const { usedSize } = await this.send('Runtime.getHeapUsage')
    return Number(usedSize)
  }

  async close(): Promise<void> {
    const targets = [this.#targetId, ...(this.#cover === undefined ? [] : [this.#cover])]
    for (const targetId of targets) await this.#connection.send('Target.closeTarget', { targetId })
  }

  async #load(navigate: () => Promise<boolean>): Promise<void> {
    let undo = () => {}
    const loaded = new Promise<void>((resolve) => {
      undo = this.on('Page.loadEventFired', () => resolve())
    })
    try {
      if (await navigate()) await withTimeout(loaded, LOAD_TIMEOUT_MS, 'no load event')
    } finally {
      undo()
    }
  }
}
