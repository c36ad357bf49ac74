import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { Channel } from '../run/channel.js'
import type { AnswerWriter } from './answer-writer.js'
import type { Asking } from './asking.js'
import { answeringOf, released } from './chat-state.js'
import { nextTurn, type MessageNode } from './message-tree.js'
import type { ShownState } from './shown-state.js'

/** Answers that broke off. */
export interface ReadingOn {
  /** Reads the newest answer on; never asks anew what has left. `undefined`: it did not break off. */
  resume(): Promise<Outcome | undefined>
  /**
   * Reads the newest answer on where it may still be going, else asks for it again.
   * @throws {ChannelError} NOTHING_TO_RESUME: it is complete
   */
  retry(): Promise<Outcome>
}

export function createReadingOn(
  channel: Channel,
  shown: ShownState,
  writer: AnswerWriter,
  asking: Asking,
): ReadingOn {
  const read = (node: MessageNode, channelId: string | undefined) => {
    const target = channelId === undefined ? undefined : { channelId, origin: node.origin }
    return writer.write(shown.now.tree, node, () => channel.resume(target))
  }

  async function resume(): Promise<Outcome | undefined> {
    const answering = answeringOf(shown.now)
    if (answering && channel.isLive) return answering.run
    const { last } = shown
    const { status, channelId } = last?.message ?? {}
    const isOpen = status === 'submitted' || status === 'streaming' || status === 'error'
    if (!last || !channelId || !isOpen) return undefined
    writer.refuseWhileBusy()
    if (last.request?.isUnsent) return asking.repeat(last, {}, channelId)
    const isHere = channel.channelId.value === channelId && channel.cursor.value !== undefined
    return read(last, isHere ? undefined : channelId)
  }

  async function retry(): Promise<Outcome> {
    writer.refuseWhileBusy()
    const { last } = shown
    if (last?.message.role !== 'assistant') return asking.askAgain(undefined, {})
    const { status, channelId } = last.message
    // The failure under which retry() stands may be an older one: what is complete is not taken back.
    if (status === 'done' || status === undefined) throw new ChannelError('NOTHING_TO_RESUME')
    const stage = released(shown.now.stage)
    if (stage !== shown.now.stage) shown.set({ stage })
    if (channelId && channelId !== channel.channelId.value) return read(last, channelId)
    try {
      const { tree } = shown.now
      return await writer.write(tree, nextTurn(tree, last), () => channel.retry())
    } catch (refused) {
      // After a restart of the app the channel knows the answer's id but not what was asked.
      if (!(refused instanceof ChannelError) || refused.code !== 'NOTHING_TO_RESUME') throw refused
      return askAfterRestart(last)
    }
  }

  function askAfterRestart(last: MessageNode): Promise<Outcome> {
    const { request, message } = last
    if (!request) return asking.askAgain(undefined, {})
    // Should the first request arrive yet, it and this one are one run: they propose the same id.
    const code = channel.error.value?.code
    const isUnheard =
      channel.received.value === 0 && (code === 'CHANNEL_NOT_FOUND' || code === 'CONNECTION_LOST')
    const sameId = isUnheard && message.parts.length === 0 ? message.channelId : undefined
    return asking.repeat(last, request, sameId)
  }

  return { resume, retry }
}
