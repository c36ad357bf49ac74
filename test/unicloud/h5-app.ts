import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import { startStaticServer } from '../hosts/static-server.js'
import type { TestCloud } from '../hosts/start-test-cloud.js'
import type { Host, LaunchOptions } from './cloud-app.js'

/** The fixture in a tab. */
export async function startH5(
  chromium: Browser,
  folder: string,
  cloud: TestCloud,
  options: LaunchOptions,
): Promise<Host> {
  const { network, silenceMs } = options
  const server = await startStaticServer({ folder })
  const page: Page = await chromium.newPage()
  const twins = new Set<Page>()
  await page.addInitScript(
    (items: Record<string, unknown>) => {
      for (const [key, data] of Object.entries(items))
        localStorage.setItem(key, JSON.stringify({ type: typeof data, data }))
    },
    { getui_socket_url: cloud.push.url, silenceMs, ...options.storage?.(cloud) },
  )
  if (options.lacking !== undefined)
    await page.addInitScript((name: string) => Reflect.deleteProperty(window, name), options.lacking)
  const report = (type: string) => {
    const connection = (navigator as unknown as { connection: EventTarget }).connection
    for (const name of ['type', 'effectiveType'])
      Object.defineProperty(connection, name, { value: name === 'type' ? type : '', configurable: true })
    connection.dispatchEvent(new Event('change'))
  }
  if (network !== 'wifi') await page.addInitScript(report, network)
  await page.goto(`${server.url}/`)
  await page.waitFor(() => document.querySelector('.log') !== null)
  return {
    tap: (selector) =>
      page.evaluate((target: string) => document.querySelector<HTMLElement>(target)!.click(), selector),
    log: () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.log > *')].map((line) => (line as HTMLElement).innerText.trim()),
      ),
    hide: () => page.hide(),
    show: () => page.show(),
    setNetwork: (type) => page.evaluate(report, type),
    errors: async () => page.errors,
    collectGarbage: async () => void (await page.heapUsedBytes()),
    async openTwin() {
      const twin = await chromium.newPage(`${server.url}/`)
      twins.add(twin)
      return async () => {
        if (twins.delete(twin)) await twin.close()
      }
    },
    async close() {
      for (const each of [...twins, page]) await each.close()
      await server.close()
    },
  }
}
