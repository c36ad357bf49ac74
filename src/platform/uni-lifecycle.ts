import type { Lifecycle } from '../core/lifecycle.js'

/**
 * Mini-programs and App. Registers with the platform once, at the first use, for as long as the app lives, and
 * fans out: Alipay and Baidu wrap callbacks, so that `offAppShow(fn)` can't find them again.
 */
export function createUniLifecycle(): Lifecycle {
  const listeners = new Set<(awake: boolean) => void>()
  let shown = true
  let connected = true
  let network: Network = 'unknown'
  let registered = false

  const isAwake = () => shown && connected

  function tell(awake: boolean) {
    for (const listener of [...listeners]) listener(awake)
  }

  function update(change: () => void) {
    const before = isAwake()
    change()
    if (isAwake() !== before) tell(isAwake())
  }

  function changeNetwork({ isConnected, networkType }: { isConnected: boolean; networkType?: string }) {
    const before = network
    const wasAwake = isAwake()
    network = networkOf(networkType)
    update(() => (connected = isConnected))
    const isAnother = before !== network && before !== 'unknown' && network !== 'unknown'
    if (!isAnother || !wasAwake || !isAwake()) return
    tell(false)
    tell(true)
  }

  function register() {
    if (registered) return
    registered = true
    uni.onAppHide?.(() => update(() => (shown = false)))
    uni.onAppShow?.(() => update(() => (shown = true)))
    uni.onNetworkStatusChange?.(changeNetwork)
    uni.getNetworkType?.({
      success({ networkType }) {
        if (network === 'unknown') network = networkOf(networkType)
      },
    })
  }

  return {
    isAwake() {
      register()
      return isAwake()
    },
    reason: () => (shown ? 'network' : 'background'),
    subscribe(listener) {
      register()
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** Networks between which an address does not survive. From 4g to 5g it does. */
type Network = 'wifi' | 'cellular' | 'unknown'

function networkOf(type: string | undefined): Network {
  // Alipay writes Wi-Fi, and WIFI in older versions.
  if (type !== undefined && /^(wi-?fi|ethernet)$/i.test(type)) return 'wifi'
  return type !== undefined && /^[2-9]g$/.test(type) ? 'cellular' : 'unknown'
}
