import { platformLifecycle } from './platform-lifecycle.js'

/** Calls `listener` whenever the app is hidden or shown again: a tab, or the whole app. Returns the undo. */
export function onVisibility(listener: (visible: boolean) => void): () => void {
  if (typeof document === 'object') {
    const report = () => listener(document.visibilityState !== 'hidden')
    document.addEventListener('visibilitychange', report)
    return () => document.removeEventListener('visibilitychange', report)
  }
  return platformLifecycle().subscribe((change) => {
    if (change === 'foreground' || change === 'background') listener(change === 'foreground')
  })
}
