import { ChannelError } from '../../core/channel-error.js'
import type { ConversationRecord, ConversationWrite } from './conversation-store.js'
import type { ConversationLimits } from './conversations.js'

type Planned = Omit<ConversationWrite, 'ifRev'>

/** More than anybody reads: what grows beyond it is a program that goes wrong, or somebody who means no good. */
const DEFAULT_LIMIT = 10_000

/**
 * Holds what clients write to what may be kept of one user.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function createLimits({ perUser = DEFAULT_LIMIT, messages = DEFAULT_LIMIT }: ConversationLimits = {}) {
  for (const [name, most] of Object.entries({ perUser, messages }))
    if (!(most === Infinity || (Number.isSafeInteger(most) && most > 0)))
      throw new ChannelError('BAD_OPTIONS', `limits.${name} is a whole number above 0, or Infinity.`)

  return {
    /** @throws {ChannelError} CONVERSATION_LIMIT */
    hold(record: ConversationRecord | undefined, write: Planned): Planned {
      const kept = new Set(record?.nodes.map(({ key }) => key))
      const before = kept.size
      for (const key of write.removed) kept.delete(key)
      for (const { key } of write.put) kept.add(key)
      // One that is too long already may still be changed and made shorter.
      if (kept.size > Math.max(messages, before))
        throw new ChannelError('CONVERSATION_LIMIT', `A conversation has ${messages} messages at the most.`)
      return perUser === Infinity ? write : { ...write, most: perUser }
    },
  }
}
