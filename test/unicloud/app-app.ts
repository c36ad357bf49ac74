import { type AppPage, launchApp } from '../hosts/app/launch-app.js'
import type { Browser } from '../hosts/chromium/launch-chromium.js'
import type { TestCloud } from '../hosts/start-test-cloud.js'
import type { Host, LaunchOptions } from './cloud-app.js'

const NATIVE_CLIENT = 'native-push-client'

/** The fixture as a compiled App. Hiding suspends it at once, which iOS does a little later. */
export async function startApp(
  browser: Browser,
  folder: string,
  cloud: TestCloud,
  options: LaunchOptions,
): Promise<Host> {
  const { network, push = 'socket', payload = 'object', silenceMs } = options
  const app = await launchApp(browser, folder, {
    storage: { getui_socket_url: cloud.push.url, silenceMs, ...options.storage?.(cloud) },
    reportedNetwork: network,
    ...(push === 'native' && { pushClientId: NATIVE_CLIENT }),
  })
  if (push === 'native') connectNativePush(cloud, app, payload)
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
    errors: () => app.errors(),
    collectGarbage: async () => void (await app.page.heapUsedBytes()),
    lookAway: () => app.hide(),
    close: () => app.close(),
  }
}

function connectNativePush(cloud: TestCloud, app: AppPage, payload: 'object' | 'text'): void {
  cloud.push.connectNative(NATIVE_CLIENT, (text) => {
    const message = JSON.parse(text) as { payload: unknown }
    void app.receivePush(
      payload === 'object' ? message : { ...message, payload: JSON.stringify(message.payload) },
    )
  })
}
