import type { Lifecycle, LifecycleChange } from '../core/lifecycle.js'
import { quietly } from './quietly.js'

/**
 * Mini-programs and App. Registers with the platform once, at the first use, for as long as the app lives, and
 * fans out: Alipay and Baidu wrap callbacks, so that `offAppShow(fn)` can't find them again.
 */
export function createUniLifecycle(): Lifecycle {
  const listeners = new Set<(change: LifecycleChange) => void>()
  let foreground = true
  let online = true
  let network: Network = 'unknown'
  let registered = false

  function tell(change: LifecycleChange) {
    for (const listener of [...listeners]) listener(change)
  }

  function show(shown: boolean) {
    if (foreground === shown) return
    foreground = shown
    tell(shown ? 'foreground' : 'background')
  }

  function changeNetwork(told: { isConnected?: unknown; networkType?: unknown } | undefined) {
    const before = network
    network = networkOf(told?.networkType)
    const wasOnline = online
    online = isConnected(told)
    if (online !== wasOnline) tell(online ? 'online' : 'offline')
    else if (online && before !== network && before !== 'unknown' && network !== 'unknown')
      tell('another-network')
  }

  function register() {
    if (registered) return
    registered = true
    // What an app has put around these calls may throw, even after they were made. Without them the app is taken to be
    // in front, and online.
    quietly(() => uni.onAppHide?.(() => show(false)))
    quietly(() => uni.onAppShow?.(() => show(true)))
    quietly(() => uni.onNetworkStatusChange?.(changeNetwork))
    quietly(() =>
      uni.getNetworkType?.({
        success(told: { networkType?: unknown } | undefined) {
          if (network === 'unknown') network = networkOf(told?.networkType)
        },
      }),
    )
  }

  return {
    isForeground() {
      register()
      return foreground
    },
    isOnline() {
      register()
      return online
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

/** A callback that comes with nothing in hand says nothing of the network. */
function isConnected(told: { isConnected?: unknown; networkType?: unknown } | undefined): boolean {
  return told?.isConnected !== false && told?.networkType !== 'none'
}

/** Networks between which an address does not survive. From 4g to 5g it does. */
type Network = 'wifi' | 'cellular' | 'unknown'

function networkOf(type: unknown): Network {
  if (typeof type !== 'string') return 'unknown'
  // Alipay writes Wi-Fi, and WIFI in older versions.
  if (/^(wi-?fi|ethernet)$/i.test(type)) return 'wifi'
  return /^[2-9]g$/i.test(type) ? 'cellular' : 'unknown'
}
