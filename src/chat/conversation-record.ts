import { toChannelError, type ChannelError } from '../core/channel-error.js'
import { isThenable } from '../platform/quietly.js'
import { systemClock } from '../platform/system-clock.js'
import { createChannelId } from '../transports/channel-id.js'
import type { ChatState } from './chat-state.js'
import { changeBetween, nothingWritten, toWrite, writtenOf } from './conversation-change.js'
import type { ChatStorage, MaybePromise, StoredConversation } from './storage/chat-storage.js'

/** Keeps what is stored of one conversation equal to what is shown of it. */
export interface ConversationRecord {
  load(taken: (stored: StoredConversation | undefined) => void): PromiseLike<void> | undefined
  /**
   * Writes what has changed, one write after the other.
   * @param ahead what is about to be in view, instead of what is
   */
  save(ahead?: ChatState): void
  /** Soon: pieces of an answer come faster than they need to be written. */
  saveSoon(): void
  subscribe(changed: (stored: StoredConversation) => void): () => void
}

/** At most so long a piece of an answer is shown and not stored, in milliseconds; nothing when the app is hidden. */
const SOON_MS = 400

export function createRecord(
  storage: ChatStorage,
  id: string,
  look: () => ChatState,
  failed: (error: ChannelError) => void,
): ConversationRecord {
  const name = createChannelId()
  let written = nothingWritten
  let timer: unknown
  /** `busy, and again`: what has changed since a write began is written after it. */
  let writing: 'idle' | 'busy' | 'busy, and again' = 'idle'

  const fail = (thrown: unknown) => failed(toChannelError(thrown, 'STORAGE_FAILED'))

  function save(ahead?: ChatState) {
    systemClock.clearTimeout(timer as never)
    timer = undefined
    if (writing !== 'idle') {
      writing = 'busy, and again'
      return
    }
    const next = toWrite(ahead ?? look(), written)
    const change = changeBetween(written, next, name)
    if (!change) return
    writing = 'busy'
    const done = () => {
      written = next
      const isAgain = writing === 'busy, and again'
      writing = 'idle'
      if (isAgain) save()
    }
    const refused = (thrown: unknown) => {
      writing = 'idle'
      fail(thrown)
    }
    whenThere(() => storage.save(id, change), done, refused)
  }

  function read(taken: (stored: StoredConversation | undefined) => void, refused: (thrown: unknown) => void) {
    const take = (found: StoredConversation | undefined) => {
      if (found) written = writtenOf(found)
      taken(found)
    }
    return whenThere(() => storage.load(id), take, refused)
  }

  return {
    load: (taken) => read(taken, fail),
    save,
    saveSoon() {
      timer ??= systemClock.setTimeout(() => save(), SOON_MS)
    },
    subscribe: (changed) =>
      storage.subscribe((which, by) => {
        if (which === id && by !== name) void read((found) => found && changed(found), fail)
      }),
  }
}

/** A storage that answers at once is taken at once: what is stored is in the first frame. */
function whenThere<T>(
  call: () => MaybePromise<T>,
  then: (given: T) => void,
  refused: (thrown: unknown) => void,
): PromiseLike<void> | undefined {
  let given: MaybePromise<T>
  try {
    given = call()
  } catch (thrown) {
    refused(thrown)
    return undefined
  }
  if (isThenable(given)) return (given as PromiseLike<T>).then(then, refused)
  then(given as T)
  return undefined
}
