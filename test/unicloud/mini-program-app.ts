import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import type { TestCloud } from '../hosts/start-test-cloud.js'
import type { Host, LaunchOptions } from './cloud-app.js'

/** The fixture as a compiled mini program. Hiding suspends it at once, which WeChat does a little later. */
export async function startMiniProgram(
  folder: string,
  cloud: TestCloud,
  options: LaunchOptions,
): Promise<Host> {
  const { network, silenceMs } = options
  const storage = { getui_socket_url: cloud.push.url, silenceMs, ...options.storage?.(cloud) }
  const app: MiniProgram = createMiniProgram(folder, { storage, reportedNetwork: network })
  const rejections = collectRejections()
  await app.start()
  return {
    tap: async (selector) => app.tap(selector),
    log: async () =>
      app
        .text('.log')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    hide: async () => app.hide({ suspendAfterMs: 0 }),
    show: async () => app.show(),
    setNetwork: async (type) => app.setNetwork(type),
    lookAway: async () => app.hide(),
    errors: async () => [...app.errors, ...rejections.errors],
    collectGarbage: async () => collectGarbage(),
    async close() {
      rejections.release()
      await app.close()
    },
  }
}

/** Unhandled rejections of the mini program, which are otherwise those of this process. */
function collectRejections(): { readonly errors: readonly string[]; release(): void } {
  const errors: string[] = []
  const others = process.rawListeners('unhandledRejection')
  const listen = (reason: unknown, promise: Promise<unknown>) => {
    const stack = reason instanceof Error ? (reason.stack ?? '') : ''
    if (stack.includes('mini-program:')) errors.push(stack)
    else others.forEach((other) => Reflect.apply(other, process, [reason, promise]))
  }
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', listen)
  return {
    errors,
    release() {
      process.off('unhandledRejection', listen)
      others.forEach((other) => process.on('unhandledRejection', other as () => void))
    },
  }
}

/** The mini program's heap is that of this process. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
