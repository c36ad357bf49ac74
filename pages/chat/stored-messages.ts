import type { ChatMessage } from 'uni-sse-channel'

const STORAGE_KEY = 'demo-conversation'
const MAX_MESSAGES = 100

/** The demo's one conversation, as it was when the app was closed. */
export function loadMessages(): readonly ChatMessage[] {
  const stored: unknown = uni.getStorageSync(STORAGE_KEY)
  return Array.isArray(stored) ? (stored as ChatMessage[]) : []
}

export function storeMessages(messages: readonly ChatMessage[]): void {
  // Copies: the answer being written is an object of getters, which not every platform's storage reads.
  uni.setStorageSync(
    STORAGE_KEY,
    messages.slice(-MAX_MESSAGES).map((message) => ({ ...message })),
  )
}
