import { ChannelError, toChannelError } from '../core/channel-error.js'
import { isThenable } from '../platform/quietly.js'
import { systemClock } from '../platform/system-clock.js'
import { createChannelId } from '../transports/create-channel-id.js'
import type { ChatState } from './chat-state.js'
import {
  changeBetween,
  isUnsaid,
  nothingWritten,
  toWrite,
  writtenOf,
  type Written,
} from './conversation-change.js'
import { onRemoval } from './removals.js'
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
   * Tells what others write of it, and that it was removed: here, or in another tab. From then on nothing is written, so
   * that no late piece brings it back.
   */
  subscribe(listener: RecordListener): () => void
  /** The user goes on in it: removed, it is written anew, as a whole. */
  keep(): void
}

export interface RecordListener {
  /** @param unwritten keys of what is shown here and was never stored, for want of room above all: no storage has it */
  changed(stored: StoredConversation, unwritten: ReadonlySet<string>): void
  removed(): void
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
  let isRemoved = false
  let current: PromiseLike<void> | undefined
  /** `busy, and again`: what has changed since a write began is written after it. */
  let writing: 'idle' | 'busy' | 'busy, and again' = 'idle'

  const fail = (thrown: unknown) => failed(toChannelError(thrown, 'STORAGE_FAILED'))

  function save(ahead?: ChatState) {
    systemClock.clearTimeout(timer as never)
    timer = undefined
    if (isRemoved) return
    if (writing !== 'idle') {
      writing = 'busy, and again'
      return
    }
    const next = toWrite(ahead ?? look(), written)
    if (written === nothingWritten && isUnsaid(next)) return
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
    current = whenThere(() => storage.save(id, change), done, refused)
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
      if (found) {
        written = writtenOf(found)
        isRemoved = false
      }
      taken(found, former)
    }
    return whenThere(() => storage.load(id), take, refused)
  }

  /** What was not there yet can't have been removed. */
  function cease({ removed }: RecordListener) {
    if (isRemoved || (written === nothingWritten && writing === 'idle')) return
    systemClock.clearTimeout(timer as never)
    timer = undefined
    isRemoved = true
    removed()
  }

  return {
    load: (taken) => read(taken, fail),
    save,
    saveSoon() {
      if (!isRemoved) timer ??= systemClock.setTimeout(() => save(), SOON_MS)
    },
    subscribe(listener) {
      const undo = storage.subscribe((which, by) => {
        if (which !== id || by === name) return
        void read((found, former) => {
          if (!found) return cease(listener)
          const shown = [...look().tree.nodes.keys()]
          listener.changed(found, new Set(shown.filter((key) => !former.nodes.has(key))))
        }, fail)
      })
      const undoRemoval = onRemoval(storage, (which) => {
        if (which !== id) return undefined
        cease(listener)
        return writing === 'idle' ? undefined : current
      })
      return () => {
        undo()
        undoRemoval()
      }
    },
    keep() {
      if (!isRemoved) return
      isRemoved = false
      written = nothingWritten
    },
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
