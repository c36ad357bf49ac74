import { writeClipboard } from 'uni-sse-channel'

/** A browser opens it; elsewhere its address is copied. Other schemes than the web's are not followed. */
export function openAddress(url: string | undefined): void {
  if (!url || !/^https?:\/\//i.test(url)) return
  // #ifdef H5
  window.open(url, '_blank', 'noopener,noreferrer')
  // #endif
  // #ifndef H5
  void writeClipboard(url)
  // #endif
}
