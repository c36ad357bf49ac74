import { toChannelError, type ChannelError } from '../core/channel-error.js'
import { isThenable } from '../platform/quietly.js'
import { systemClock } from '../platform/system-clock.js'
import { createChannelId } from '../transports/channel-id.js'
import type { QueuedMessage } from './message-queue.js'
import type { MessageNode, MessageTree } from './message-tree.js'
import type {
  ChatStorage,
  ConversationChange,
  ConversationInfo,
  StoredConversation,
} from './storage/chat-storage.js'
import { changeOf } from './storage/parts-change.js'

/** A conversation at one moment. */
export interface Snapshot {
  readonly tree: MessageTree
  readonly queue: readonly QueuedMessage[]
  readonly info: Partial<ConversationInfo>
  /** The key of the answer that is being written: its message reads the channel. */
  readonly answering: string | undefined
}

/** Keeps what is stored of one conversation equal to what is shown of it. */
export interface ConversationRecord {
  load(taken: (stored: StoredConversation | undefined) => void): PromiseLike<void> | undefined
  /** Writes what has changed, one write after the other. */
  save(): void
  /** Soon: pieces of an answer come faster than they need to be written. */
  saveSoon(): void
  subscribe(changed: (stored: StoredConversation) => void): () => void
}

/** At most so long a piece of an answer is shown and not stored, in milliseconds; nothing when the app is hidden. */
const SOON_MS = 400

export function createRecord(
  storage: ChatStorage,
  id: string,
  look: () => Snapshot,
  failed: (error: ChannelError) => void,
): ConversationRecord {
  const writer = createChannelId()
  /** What is in the storage, as far as it is known here. */
  let stored = new Map<string, MessageNode>()
  let frame = ''
  let timer: unknown
  let isWriting = false
  let isAgain = false

  function takeOver({ nodes, leaf, queue, info }: StoredConversation) {
    stored = new Map(nodes.map((node) => [node.key, node]))
    frame = JSON.stringify([leaf, queue, withoutTimes(info)])
  }

  function attempt<T>(call: () => T): T | undefined {
    try {
      return call()
    } catch (thrown) {
      failed(toChannelError(thrown, 'STORAGE_FAILED'))
      return undefined
    }
  }

  function load(taken: (stored: StoredConversation | undefined) => void) {
    const given = attempt(() => storage.load(id))
    const take = (found: StoredConversation | undefined) => {
      if (found) takeOver(found)
      taken(found)
    }
    if (!isThenable(given)) return void take(given)
    return (given as PromiseLike<StoredConversation | undefined>).then(take, (thrown: unknown) =>
      failed(toChannelError(thrown, 'STORAGE_FAILED')),
    )
  }

  function save() {
    systemClock.clearTimeout(timer as never)
    timer = undefined
    if (isWriting) {
      isAgain = true
      return
    }
    const now = look()
    const next = new Map<string, MessageNode>()
    for (const node of now.tree.nodes.values())
      next.set(node.key, node.key === now.answering ? { ...node, message: { ...node.message } } : node)
    const change = diff(now, next)
    if (!change) return
    const nextFrame = frameOf(now)
    isWriting = true
    const written = () => {
      isWriting = false
      stored = next
      frame = nextFrame
      if (!isAgain) return
      isAgain = false
      save()
    }
    const refused = (thrown: unknown) => {
      isWriting = false
      isAgain = false
      failed(toChannelError(thrown, 'STORAGE_FAILED'))
    }
    try {
      const given = storage.save(id, change)
      if (isThenable(given)) given.then(written, refused)
      else written()
    } catch (thrown) {
      refused(thrown)
    }
  }

  function frameOf({ tree, queue, info }: Snapshot): string {
    return JSON.stringify([tree.leaf, queue, withoutTimes(info)])
  }

  function diff(now: Snapshot, next: ReadonlyMap<string, MessageNode>): ConversationChange | undefined {
    const nodes: MessageNode[] = []
    let growth: ConversationChange['growth']
    for (const node of next.values()) {
      const former = stored.get(node.key)
      if (former === node) continue
      if (former && node.key === now.answering && isSameBut(former, node)) {
        const change = changeOf(former.message, node.message)
        if (change) growth = { key: node.key, change }
      } else if (!former || !isSame(former, node)) nodes.push(node)
    }
    const removed = [...stored.keys()].filter((key) => !next.has(key))
    const isFramed = frameOf(now) !== frame
    if (!growth && nodes.length === 0 && removed.length === 0 && !isFramed) return undefined
    const told = (isFramed || nodes.length > 0) && {
      frame: { leaf: now.tree.leaf, queue: now.queue, info: { ...now.info, updatedAt: Date.now() } },
    }
    // With others, the answer is written as a whole too: a piece alone is a piece.
    if (growth && (told || removed.length > 0)) {
      const { key } = growth
      const whole = next.get(key)
      return { writer, nodes: whole ? [...nodes, whole] : nodes, removed, ...told }
    }
    return { writer, nodes, growth, removed, ...told }
  }

  return {
    load,
    save,
    saveSoon() {
      timer ??= systemClock.setTimeout(save, SOON_MS)
    },
    subscribe: (changed) =>
      storage.subscribe((which, by) => {
        if (which !== id || by === writer) return
        const given = attempt(() => storage.load(id))
        const take = (found: StoredConversation | undefined) => {
          if (!found) return
          takeOver(found)
          changed(found)
        }
        if (isThenable(given))
          (given as PromiseLike<StoredConversation | undefined>).then(take, () => undefined)
        else take(given)
      }),
  }
}

const withoutTimes = ({ title, isPinned, isUnread }: Partial<ConversationInfo>) => [title, isPinned, isUnread]

const isSameBut = (a: MessageNode, b: MessageNode): boolean =>
  a.parent === b.parent && a.origin === b.origin && JSON.stringify(a.request) === JSON.stringify(b.request)

const isSame = (a: MessageNode, b: MessageNode): boolean => a.message === b.message && isSameBut(a, b)
