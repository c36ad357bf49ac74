import type { Problem } from './problem.js'

/** The answer to one request on its way, whatever server carries it. */
export interface Exchange {
  readonly method: string
  /** Whether the client has gone or the answer is over. */
  isClosed(): boolean
  /** Calls once when that happens. */
  onClose(listener: () => void): void
  /** A whole answer. HEAD gets its head only. */
  reply(reply: Problem): void
  /** Sends the head at once; what follows is written to the result. */
  stream(head: Readonly<Record<string, string>>, listener: SinkListener): ByteSink
  destroy(): void
}

export interface SinkListener {
  /** Called when a write that returned false has gone out. */
  onDrain(): void
  /** Called once when the body is over, whoever ended it; not before the sink is in hand. */
  onClosed(): void
}

/** The body of an answer that goes on. Its methods do nothing once it is over. */
export interface ByteSink {
  /** Bytes written that have not gone out. */
  pendingBytes(): number
  /** False: wait for `onDrain` before writing more that can wait. */
  write(bytes: Uint8Array): boolean
  /** Ends in order. */
  end(): void
  /** Cuts. */
  destroy(): void
}
