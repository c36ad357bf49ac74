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
   * Who is signed in: your id of the user, as the server's `authorize` says it. Each user has a copy of their own on the
   * device: nobody is shown another's, and what one has said without a network is never sent as another's. Default: one
   * copy for whoever uses the device, for apps that have one user.
   */
  readonly user?: string
  /**
   * Before each key on the device, where the copy is kept, and what is not sent yet. Another one for each app that shares
   * its origin with others of the same server. Default `uni-sse-channel@` and the url.
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
 * @throws {ChannelError} BAD_OPTIONS: a user without a name
 * @see docs/chat.md#on-the-server
 */
export const httpStorage = (options: HttpStorageOptions): ChatStorage =>
  servedStorage(deviceStorage(), options)
