import { ChannelError, toChannelError } from '../core/channel-error.js'
import { isThenable } from '../platform/quietly.js'
import { systemClock } from '../platform/system-clock.js'
import { createChannelId } from '../transports/channel-id.js'
import type { ChatState } from './chat-state.js'
import { changeBetween, nothingWritten, toWrite, writtenOf, type Written } from './conversation-change.js'
import { soundConversation } from './storage/sound-records.js'
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
  /**
   * @param changed another one has written, or removed it. With the keys of what is shown here and was never stored, for
   * want of room above all: it is in no storage
   */
  subscribe(
    changed: (stored: StoredConversation | undefined, unwritten: ReadonlySet<string>) => void,
  ): () => void
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

  function read(
    taken: (stored: StoredConversation | undefined, former: Written) => void,
    refused: (thrown: unknown) => void,
  ) {
    const take = (given: StoredConversation | undefined) => {
      const found = given ? soundConversation(given) : undefined
      if (given && !found)
        return refused(
          new ChannelError('STORAGE_FAILED', 'load() of the storage gave what is no conversation.'),
        )
      const former = written
      if (found) written = writtenOf(found)
      taken(found, former)
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
        if (which !== id || by === name) return
        void read((found, former) => {
          const shown = [...look().tree.nodes.keys()]
          if (found) return changed(found, new Set(shown.filter((key) => !former.nodes.has(key))))
          if (former.nodes.size === 0) return
          // What another one has removed is not brought back by who shows it still.
          written = nothingWritten
          changed(undefined, new Set())
        }, fail)
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
