import type { Outcome } from '../core/state.js'
import type { QueuedMessage } from './message-queue.js'
import type { ShownState } from './shown-state.js'

/** Messages that wait for their turn, and the callers who wait for their answers. */
export interface WaitingMessages {
  /** Resolves with how the answer ends; `stopped`, when the message is dropped before its turn. */
  add(message: QueuedMessage): Promise<Outcome>
  /** Another queue: those who wait for a message that is in it no more are told. */
  set(queue: readonly QueuedMessage[]): void
  /** Gives the answer to the caller who waits for this message. False: there is none, as after a restart. */
  answerWith(message: QueuedMessage, outcome: Promise<Outcome>): boolean
}

export function createWaitingMessages(shown: ShownState): WaitingMessages {
  const callers = new Map<string, (outcome: Outcome | PromiseLike<Outcome>) => void>()

  function take(id: string) {
    const resolve = callers.get(id)
    callers.delete(id)
    return resolve
  }

  return {
    add(message) {
      const answered = new Promise<Outcome>((resolve) => callers.set(message.id, resolve))
      shown.set({ queue: [...shown.now.queue, message] })
      return answered
    },
    set(queue) {
      const before = shown.now.queue
      shown.set({ queue })
      for (const { id } of before) if (!queue.some((message) => message.id === id)) take(id)?.('stopped')
    },
    answerWith(message, outcome) {
      const resolve = take(message.id)
      resolve?.(outcome)
      return resolve !== undefined
    },
  }
}
