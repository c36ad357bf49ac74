import type { Lifecycle } from '../core/lifecycle.js'

/**
 * Mini-programs and App. Registers with the platform once, at the first use, for as long as the app lives, and
 * fans out: Alipay and Baidu wrap callbacks, so that `offAppShow(fn)` can't find them again.
 */
export function createUniLifecycle(): Lifecycle {
  const listeners = new Set<(awake: boolean) => void>()
  let shown = true
  let connected = true
  let registered = false

  const isAwake = () => shown && connected

  function update(change: () => void) {
    const before = isAwake()
    change()
    if (isAwake() !== before) for (const listener of [...listeners]) listener(isAwake())
  }

  function register() {
    if (registered) return
    registered = true
    uni.onAppHide?.(() => update(() => (shown = false)))
    uni.onAppShow?.(() => update(() => (shown = true)))
    uni.onNetworkStatusChange?.((network) => update(() => (connected = network.isConnected)))
  }

  return {
    isAwake() {
      register()
      return isAwake()
    },
    subscribe(listener) {
      register()
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
