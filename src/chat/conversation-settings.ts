import type { ChatMessage } from './chat-message.js'
import type { RequestExtras } from './message-queue.js'
import type { PrepareRequest } from './request-body.js'
import type { ChatStorage } from './storage/chat-storage.js'

/** What happens to a message that is sent while an answer is being written. */
export type WhenBusy = 'refuse' | 'queue' | 'replace'

/** What goes with one request. */
export interface CallOptions extends RequestExtras {
  /** Over those of the channel; not stored. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface ConversationSettings {
  readonly id: string
  readonly messages: readonly ChatMessage[]
  readonly storage: ChatStorage | undefined
  readonly generateId: () => string
  readonly prepareRequest: PrepareRequest | undefined
  readonly whenBusy: WhenBusy
  /** Milliseconds between two updates of what a page sees of an answer; 0: each piece. */
  readonly throttle: number
  /** Takes the headers of the next request. */
  readonly setHeaders: (headers: Readonly<Record<string, string>>) => void
}
