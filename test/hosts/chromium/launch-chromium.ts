import { startChromium } from './chromium-process.js'
import { DevToolsConnection } from './devtools-connection.js'
import { Page } from './page.js'

export interface Browser {
  /** Process id of the browser, for tests about leaks. */
  readonly pid: number
  /** Opens a tab, brings it to the front, and loads `url` if given. */
  newPage(url?: string): Promise<Page>
  /** Quits the browser, kills it if it does not go, and removes its profile. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts a headless Chromium of its own.
 * @throws {Error} one line that says what to install when there is no Chromium
 */
export async function launchChromium(): Promise<Browser> {
  const chromium = await startChromium()
  const connection = await DevToolsConnection.open(chromium.endpoint).catch(async (error: unknown) => {
    await chromium.close(() => Promise.reject(error))
    throw error
  })
  let closed: Promise<void> | undefined
  return {
    pid: chromium.pid,
    async newPage(url) {
      const page = await Page.open(connection)
      if (url !== undefined) await page.goto(url)
      return page
    },
    close() {
      closed ??= chromium.close(() => connection.send('Browser.close')).finally(() => connection.close())
      return closed
    },
  }
}
