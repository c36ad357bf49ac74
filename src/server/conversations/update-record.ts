import { ChannelError } from '../../core/channel-error.js'
import type {
  ConversationName,
  ConversationRecord,
  ConversationStore,
  ConversationWrite,
} from './conversation-store.js'

/** So many others may write between a look and a write. */
const MAX_TRIES = 50

/** What is to be written, if anything, and what whoever asks is told. */
export interface Planned<T> {
  readonly write: Omit<ConversationWrite, 'ifRev'> | undefined
  readonly result: T
}

/**
 * Changes a conversation by what stands in it: where somebody else was faster, it is looked at and planned again.
 * @param keys the nodes that the plan looks at. Default: all
 * @throws {ChannelError} SERVER_BUSY: everybody writes into it
 */
export async function updateRecord<T>(
  store: ConversationStore,
  name: ConversationName,
  plan: (record: ConversationRecord | undefined) => Planned<T>,
  keys?: readonly string[],
): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const record = await store.load(name, keys)
    const { write, result } = plan(record)
    if (!write || (await store.write(name, { ...write, ifRev: record?.rev ?? 0 }))) return result
    await new Promise((resolve) => setTimeout(resolve, Math.random() * tries * 4))
  }
  throw new ChannelError('SERVER_BUSY', 'Too many write into this conversation at once.')
}
