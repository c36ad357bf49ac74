import { isThenable } from './quietly.js'

/** A platform that says nothing for so long, in milliseconds, has not done it. */
const LIMIT_MS = 20_000

/**
 * Puts `text` on the clipboard. Resolves to false where the platform refuses: without a gesture, say, or on a
 * page that is not served securely. WeChat shows a toast of its own, the others don't.
 */
export function writeClipboard(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const fail = () => resolve(false)
    setTimeout(fail, LIMIT_MS)
    try {
      const given: unknown = uni.setClipboardData({
        data: text,
        showToast: false,
        success: () => resolve(true),
        fail,
      })
      // An interceptor of the app that waits.
      if (isThenable(given)) given.then(undefined, fail)
    } catch {
      fail()
    }
  })
}
