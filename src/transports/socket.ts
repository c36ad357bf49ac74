import type { ChannelError } from '../core/channel-error.js'

/** What a socket tells: opened, then messages, then closed, once. */
export interface SocketListener {
  /** @param socket what opening it returns, which it may not have done yet */
  opened(socket: Socket): void
  message(text: string): void
  /**
   * @param code 1006 where the platform gives none
   * @param error in the platform's words, where it said any
   */
  closed(code: number, error?: ChannelError): void
}

/** A socket of any platform, for text. */
export interface Socket {
  /** Does nothing on a socket that is not open. */
  send(text: string): void
  /** Idempotent. */
  close(): void
}

export type OpenSocket = (
  url: string,
  headers: Readonly<Record<string, string>>,
  listener: SocketListener,
) => Socket

/** Closed without a code. @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
export const ABNORMAL = 1006
