import type { Lifecycle } from '../core/lifecycle.js'

/**
 * H5. A hidden page goes on running, so hiding is no background; frozen or in the back/forward cache is.
 * `uni` listens to `visibilitychange` alone.
 * @see https://wicg.github.io/page-lifecycle/
 */
export const webLifecycle: Lifecycle = {
  // Whoever asks is running, so is not frozen.
  isForeground: () => true,

  isOnline: () => navigator.onLine !== false,

  subscribe(listener) {
    const undo = [
      listen(document, 'freeze', () => listener('background')),
      listen(document, 'resume', () => listener('foreground')),
      listen(window, 'pagehide', () => listener('background')),
      listen(window, 'pageshow', () => listener('foreground')),
      listen(window, 'offline', () => listener('offline')),
      listen(window, 'online', () => listener('online')),
    ]
    return () => undo.forEach((remove) => remove())
  },
}

function listen(target: EventTarget, type: string, handler: () => void): () => void {
  target.addEventListener(type, handler)
  return () => target.removeEventListener(type, handler)
}
