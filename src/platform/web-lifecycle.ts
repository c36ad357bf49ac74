import type { Lifecycle } from '../core/lifecycle.js'

/**
 * H5. A hidden page goes on running, so hiding is no sleep; frozen, in the back/forward cache or offline is.
 * `uni` listens to `visibilitychange` alone.
 * @see https://wicg.github.io/page-lifecycle/
 */
export const webLifecycle: Lifecycle = {
  // Whoever asks is running, so is not frozen.
  isAwake: () => isOnline(),

  reason: () => (isOnline() ? 'background' : 'network'),

  subscribe(listener) {
    let frozen = false
    const report = () => listener(!frozen && isOnline())
    const freeze = () => {
      frozen = true
      report()
    }
    const thaw = () => {
      frozen = false
      report()
    }
    const undo = [
      listen(document, 'freeze', freeze),
      listen(document, 'resume', thaw),
      listen(window, 'pagehide', freeze),
      listen(window, 'pageshow', thaw),
      listen(window, 'offline', report),
      listen(window, 'online', report),
    ]
    return () => undo.forEach((remove) => remove())
  },
}

const isOnline = () => navigator.onLine !== false

function listen(target: EventTarget, type: string, handler: () => void): () => void {
  target.addEventListener(type, handler)
  return () => target.removeEventListener(type, handler)
}
