import { writeFile } from 'node:fs/promises'
import { withTimeout } from '../with-timeout.js'
import type { DevToolsConnection } from './devtools-connection.js'
import { PageSession } from './page-session.js'
import { pointOf } from './point-of.js'

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
const SCREENSHOT_TIMEOUT_MS = 60_000

/** One tab. It behaves as a person's tab does: no focus emulation, so it can be hidden and frozen. */
export class Page extends PageSession {
  #cover: string | undefined

  static async open(connection: DevToolsConnection): Promise<Page> {
    const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page(connection, String(targetId), String(sessionId))
    for (const domain of ['Page', 'Runtime', 'Network', 'Log', 'HeapProfiler'])
      await page.send(`${domain}.enable`)
    return page
  }

  /**
   * Presses the mouse at the centre of the first element that matches, scrolled into view. Waits for it.
   * @throws {Error} still nothing matches, or it has no size, or something else lies over its centre
   */
  async click(selector: string): Promise<void> {
    await this.clickAt(await this.waitFor(pointOf, { what: `${selector} to be clickable` }, selector))
  }

  /** Presses the mouse at a point of the viewport, in CSS pixels: whatever lies there, frames included. */
  async clickAt({ x, y }: { x: number; y: number }): Promise<void> {
    const point = { x, y, button: 'left', clickCount: 1 }
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
    const { data } = await withTimeout(shot, SCREENSHOT_TIMEOUT_MS, 'no screenshot: hidden?')
    await writeFile(path, Buffer.from(String(data), 'base64'))
  }

  async setViewport({ width, height, mobile = false, deviceScaleFactor = 1 }: Viewport): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, mobile, deviceScaleFactor })
    await this.send('Emulation.setTouchEmulationEnabled', { enabled: mobile })
  }

  async setColorScheme(value: 'light' | 'dark'): Promise<void> {
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
  }

  /** Puts another tab in front; this one becomes `visibilityState: 'hidden'`. */
  async hide(): Promise<void> {
    if (this.#cover === undefined) {
      const { targetId } = await this.connection.send('Target.createTarget', { url: 'about:blank' })
      this.#cover = String(targetId)
    }
    await this.connection.send('Target.activateTarget', { targetId: this.#cover })
    await this.waitFor(() => document.visibilityState === 'hidden')
  }

  /** Brings the tab to the front again. */
  async show(): Promise<void> {
    await this.connection.send('Target.activateTarget', { targetId: this.targetId })
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
    const targets = [this.targetId, ...(this.#cover === undefined ? [] : [this.#cover])]
    for (const targetId of targets) await this.connection.send('Target.closeTarget', { targetId })
  }
}
