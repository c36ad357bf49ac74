import { writeClipboard } from 'uni-sse-channel'
import { language } from '../app-settings'
import { chatWords } from './words'

/** By the system's own dialog where a browser has one; else it is copied, and that is told. */
export async function shareText(text: string): Promise<void> {
  // #ifdef H5
  if (typeof navigator.share === 'function') {
    // Who changes their mind has not failed.
    await navigator.share({ text }).catch(() => undefined)
    return
  }
  // #endif
  if (await writeClipboard(text))
    void uni.showToast({ title: chatWords[language.value].shared, icon: 'none' })
}
