import { launchApp } from '../hosts/app/launch-app.js'
import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { LocalCloud } from '../hosts/unicloud/start-local-cloud.js'
import type { CloudAppOptions, Host } from './cloud-app.js'

/** The fixture as a compiled App. Hiding suspends it at once, which iOS does a little later. */
export async function startApp(
  browser: Browser,
  folder: string,
  cloud: LocalCloud,
  { network = 'wifi', silenceMs }: CloudAppOptions & { readonly silenceMs: number },
): Promise<Host> {
  const storage = { getui_socket_url: cloud.push.url, silenceMs }
  const app = await launchApp(browser, folder, { storage, network })
  await app.start()
  return {
    tap: (selector) => app.tap(selector),
    log: async () =>
      (await app.text('.log'))
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    hide: () => app.hide({ suspendAfterMs: 0 }),
    show: () => app.show(),
    setNetwork: (type) => app.setNetwork(type),
    close: () => app.close(),
  }
}
