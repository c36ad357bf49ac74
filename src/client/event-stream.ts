import type { Message } from './source-event.js'

export interface StreamRequest {
  readonly url: string
  readonly withCredentials: boolean
  /** Empty: the header is not sent. */
  readonly lastEventId: string
  /** Tells each type that is or will be listened to, now and later, some more than once. */
  watchTypes(onType: (type: string) => void): void
}

/** What one connection of an EventSource tells. After `failed` or `lost`, nothing. */
export interface StreamListener {
  /** @param url where the stream comes from, after redirects: the address of the next reconnect */
  opened(url: string): void
  event(message: Message): void
  /** The id to reconnect with. */
  id(id: string): void
  retry(delayMs: number): void
  /** What the standard calls failing the connection: for good. */
  failed(): void
  /** The connection broke or ended: to be established again. */
  lost(): void
  /** As `lost`, but it establishes itself again: `opened` will follow. */
  reconnecting(): void
}

export const ACCEPT = { accept: 'text/event-stream' }
