import { quietly } from '../platform/quietly.js'
import { pushPort } from './push-port/index.js'

/** Registers with the platform once for the app's life: some platforms can't take a listener back. */
let registered = false
const listeners = new Set<() => void>()

/**
 * Calls back when the app comes to the foreground, and when the network or the push socket returns: the moments at which pushes may
 * have been missed. Returns the undo.
 */
export function onWake(listener: () => void): () => void {
  if (!registered) register()
  registered = true
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const wake = () => [...listeners].forEach((listener) => listener())

/** The SDK tells other tabs, and so this page too, when its socket logged in. */
interface LineState {
  readonly type?: string
  readonly online?: boolean
}

function register() {
  let online = pushPort.status.online
  pushPort.subscribe((status) => {
    const back = status.online && !online
    online = status.online
    if (back) wake()
  })
  if (typeof document === 'object' && typeof window === 'object') {
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') wake()
    })
    // Back from the back/forward cache, thawed, or online again: no change of visibility tells of those.
    window.addEventListener('pageshow', wake)
    document.addEventListener('resume', wake)
    window.addEventListener('online', wake)
    if (typeof BroadcastChannel === 'function')
      new BroadcastChannel('uni-push').onmessage = ({ data }: MessageEvent<LineState | null>) => {
        if (data?.type === 'lineState' && data.online) wake()
      }
    return
  }
  // What an app has put around these calls may throw, and may call back with nothing in hand.
  quietly(() => uni.onAppShow(() => wake()))
  quietly(() =>
    uni.onNetworkStatusChange((told: { isConnected?: boolean } | undefined) => {
      if (told?.isConnected !== false) wake()
    }),
  )
}
