import { toChannelError, type ChannelError } from '../../core/channel-error.js'
import { systemClock } from '../../platform/system-clock.js'
import type { Unsent, UnsentChanges } from './unsent-changes.js'

export interface SenderParts {
  readonly unsent: UnsentChanges
  /** Sends what the server does not have of a conversation. */
  readonly send: (id: string, what: Unsent) => Promise<void>
  /** Somebody else was faster: takes in what they have changed. */
  readonly catchUp: (id: string) => Promise<unknown>
  /** It was removed on another device. */
  readonly gone: (id: string) => void
  /** The server refuses it for good. */
  readonly refused: (id: string, error: ChannelError) => void
}

/** Sends changes, one after the other, until all are sent. */
export interface ChangeSender {
  /** Now, or after what is being sent. */
  send(): void
  /** As `send`, where the network or the app is back: pauses begin anew. */
  sendAgain(): void
}

/** A change that others were faster than is made anew so often at once. */
const MAX_TRIES = 5
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

export function createChangeSender({ unsent, send, catchUp, gone, refused }: SenderParts): ChangeSender {
  let state: 'idle' | 'sending' | 'again' = 'idle'
  let pauseMs = FIRST_PAUSE_MS
  let timer: unknown

  function later() {
    systemClock.clearTimeout(timer as never)
    timer = systemClock.setTimeout(sendAll, pauseMs)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }

  /** What becomes of a change that was not taken: the next one is sent, this one is sent anew, or all wait. */
  async function afterFailure(id: string, what: Unsent, thrown: unknown, tries: number) {
    const error = toChannelError(thrown, 'STORAGE_FAILED')
    const { code } = error
    if (code === 'CONVERSATION_CHANGED' && tries < MAX_TRIES) {
      await catchUp(id)
      return 'anew'
    }
    if (code === 'CONVERSATION_NOT_FOUND') {
      gone(id)
      return 'next'
    }
    if (error.retryable) {
      later()
      return 'wait'
    }
    refused(id, error)
    // It is sent again with the next change: what is removed makes room.
    if (code === 'CONVERSATION_LIMIT') return 'next'
    // Who has to log in again may send it then. Of all else another try would say the same.
    if (code === 'UNAUTHORIZED' || code === 'FORBIDDEN') return 'wait'
    unsent.sent(id, what)
    return 'next'
  }

  async function sendOne(id: string): Promise<'next' | 'wait'> {
    for (let tries = 1; ; tries++) {
      const what = unsent.get(id)
      if (!what) return 'next'
      try {
        await send(id, what)
        return 'next'
      } catch (thrown) {
        const then = await afterFailure(id, what, thrown, tries)
        if (then !== 'anew') return then
      }
    }
  }

  async function run() {
    do {
      state = 'sending'
      for (const id of unsent.ids()) if ((await sendOne(id)) === 'wait') return
      pauseMs = FIRST_PAUSE_MS
    } while ((state as string) === 'again')
  }

  function sendAll() {
    if (state !== 'idle') {
      state = 'again'
      return
    }
    systemClock.clearTimeout(timer as never)
    run()
      .catch(later)
      .then(() => (state = 'idle'))
  }

  const sendAny = () => {
    if (unsent.ids().length > 0) sendAll()
  }

  return {
    send: sendAny,
    sendAgain() {
      pauseMs = FIRST_PAUSE_MS
      sendAny()
    },
  }
}
