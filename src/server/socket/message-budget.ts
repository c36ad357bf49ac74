/** What a reader has to say is short: `{"type":"pong"}` in answer to a heartbeat, `{"type":"stop"}`. */
const MAX_CHARS = 1_024

/** So many messages may come in one window of time. */
const MAX_MESSAGES = 60
const WINDOW_MS = 10_000

/**
 * And so many bytes, whatever they are: pings, pieces of a message that never ends, empty ones. Above what one read of a
 * socket brings, of which the message that starts a run may be the beginning.
 */
const MAX_BYTES = 192 * 1024

export interface MessageBudget {
  /** False: it is too long, or there were too many. It must not be read for more. */
  allows(chars: number): boolean
  /** Likewise, of bytes as they come. */
  allowsBytes(count: number): boolean
}

/** Bounds what one socket can make a server read, after the message that starts a run. */
export function createMessageBudget(now: () => number = () => performance.now()): MessageBudget {
  let since = now()
  let messages = 0
  let bytes = 0

  function turn() {
    const at = now()
    if (at - since < WINDOW_MS) return
    since = at
    messages = bytes = 0
  }

  return {
    allows(chars) {
      turn()
      return chars <= MAX_CHARS && ++messages <= MAX_MESSAGES
    },
    allowsBytes(count) {
      turn()
      bytes += count
      return bytes <= MAX_BYTES
    },
  }
}
