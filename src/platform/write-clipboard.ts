/**
 * Puts `text` on the clipboard. Resolves to false where the platform refuses: without a gesture, say, or on a
 * page that is not served securely. WeChat shows a toast of its own, the others don't.
 */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await uni.setClipboardData({ data: text, showToast: false })
    return true
  } catch {
    return false
  }
}
