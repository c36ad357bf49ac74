import { deviceStorage } from '../../platform/device-storage.js'
import type { ChatStorage } from './chat-storage.js'
import type { HeaderSource } from './http-requests.js'
import { servedStorage } from './served-storage.js'

/** Which server keeps the conversations, and what goes with each request to it. */
export interface HttpStorageOptions {
  /** Where the server's handler is, as `url` of `useChat()`: `https://example.com/api/chat`. */
  readonly url: string
  /** With each request; a function is called for each. Default none. */
  readonly headers?: HeaderSource
  /** Cookies to other origins too. Default: to the page's own only. */
  readonly withCredentials?: boolean
  /**
   * Before each key on the device, where a copy is kept, and what is not sent yet. Take another one for another user.
   * Default `uni-sse-channel@` and the url.
   */
  readonly prefix?: string
}

/**
 * Conversations on our server, with a copy on the device: what was there is shown in the first frame, and what others have
 * changed meanwhile soon after.
 *
 * A change is kept on the device at once and sent in its order; without a network it is sent when that is back, also after
 * a restart. Where another device was faster, its changes are taken in first. What the server refuses for good is thrown by
 * the next `save`, so `onError` hears of it.
 * @see docs/chat.md#on-the-server
 */
export const httpStorage = (options: HttpStorageOptions): ChatStorage =>
  servedStorage(deviceStorage(), options)
