import type { ChannelEvent } from '../../core/channel-event.js'
import type { UIMessageChunk } from '../../messages/chunk.js'
import { createAnswer } from '../../messages/create-answer.js'
import { fieldsOf, parsed } from '../../vendors/fields.js'
import type { Outcome } from '../log/event-log.js'
import type { ConversationMessage } from './conversation-message.js'
import type { ConversationNode } from './conversation-store.js'
import { withToolAnswers } from './tool-answers.js'

/** An answer that is being read from its run: the same chunks make the same message here and at every client. */
export interface FoldedRun {
  add(event: ChannelEvent): void
  /** How many chunks there were. */
  readonly size: number
  /** The node's message with what has come. @param status as the run says; what the stream itself says comes first */
  message(node: ConversationNode, status: Outcome | 'streaming'): ConversationMessage
}

/** @param run what the message was before, if it is gone on with */
export function foldRun(run: ConversationNode['run']): FoldedRun {
  const answer = createAnswer(run?.origin)
  let size = 0
  let ending: Outcome | undefined

  return {
    get size() {
      return size
    },

    add({ data }) {
      const { type, ...fields } = fieldsOf(parsed(data))
      // What follows an end is shown to nobody.
      if (typeof type !== 'string' || ending) return
      size++
      answer.add({ type, ...fields } as UIMessageChunk)
      if (type === 'abort') ending = 'stopped'
      if (type === 'error' && typeof fields.errorText === 'string') ending = 'error'
    },

    message({ message, run: now }, status) {
      if (status !== 'streaming') answer.close()
      const { id, metadata, finishReason, others } = answer.message(answer.parts)
      const told = metadata ?? message.metadata
      return {
        id: id ?? message.id,
        role: 'assistant',
        parts: withToolAnswers(answer.parts, now?.answers ?? []),
        ...(told !== undefined && { metadata: told }),
        ...(finishReason && { finishReason }),
        ...(others.length > 0 && { others }),
        status: ending ?? status,
        ...(message.channelId !== undefined && { channelId: message.channelId }),
      }
    },
  }
}
