/** What a reader has to say is short: `{"type":"pong"}` in answer to a heartbeat, `{"type":"stop"}`. */
const MAX_CHARS = 1_024

/** So many messages may come in one window of time. */
const MAX_MESSAGES = 60
const WINDOW_MS = 10_000

export interface MessageBudget {
  /** False: it is too long, or there were too many. It must not be read for more. */
  allows(chars: number): boolean
}

/** Bounds what one socket can make a server read, after the message that starts a run. */
export function createMessageBudget(now: () => number = () => performance.now()): MessageBudget {
  let since = now()
  let messages = 0

  return {
    allows(chars) {
      const at = now()
      if (at - since >= WINDOW_MS) {
        since = at
        messages = 0
      }
      return chars <= MAX_CHARS && ++messages <= MAX_MESSAGES
    },
  }
}
