import { shallowRef } from 'vue'
import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import { platformLifecycle } from '../platform/platform-lifecycle.js'
import type { Channel, ChannelStatus } from '../run/channel.js'
import type { ChatMessage } from './chat-message.js'
import { answeringOf, ended, type Answering, type ChatState } from './chat-state.js'
import type { Hearing } from './hearing.js'
import { liveMessage } from './live-message.js'
import { withLeaf, withNode, type MessageNode, type MessageTree } from './message-tree.js'
import type { ShownState } from './shown-state.js'
import { throttledAnswer } from './throttled-answer.js'
import type { ToolAnswer } from './tool-answer.js'

/** Writes answers into the conversation, one at a time. */
export interface AnswerWriter {
  /** Whether an answer is being written, or the channel runs for somebody else. Plain. */
  readonly isBusy: boolean
  /** @throws {ChannelError} RUN_ACTIVE, while it is busy */
  refuseWhileBusy(): void
  /**
   * Shows the answer of the run that `begin` begins, as this node. When the run is refused, nothing was sent and the
   * conversation is as it was.
   * @param tree what it is added to
   * @param change what else changes with it; the channel's id, where one is proposed
   */
  write(
    tree: MessageTree,
    node: MessageNode,
    begin: () => Promise<Outcome>,
    change?: Partial<Pick<ChatState, 'queue' | 'info'>> & { readonly channelId?: string },
  ): Promise<Outcome>
}

/**
 * @param throttleMs of what pages see
 * @param storeAhead stores a state that is not in view yet
 */
export function createAnswerWriter(
  channel: Channel,
  shown: ShownState,
  hearing: Hearing,
  throttleMs: number,
  storeAhead: (state: ChatState) => void,
): AnswerWriter {
  const isBusy = () => answeringOf(shown.now) !== undefined || channel.isLive

  function complete(answering: Answering, outcome: Outcome) {
    const { now } = shown
    // Replaced meanwhile, this answer belongs to no conversation any more.
    if (answeringOf(now) !== answering) return
    const stage = ended(outcome)
    const node = now.tree.nodes.get(answering.key)
    if (!node) return shown.set({ stage })
    const { origin, request, ...rest } = node
    const message = { ...answering.message }
    // What did not come to its end may be read on, or asked again.
    const kept = outcome === 'error' ? { ...(origin && { origin }), ...(request && { request }) } : {}
    const info = hearing.isHeard ? now.info : { ...now.info, isUnread: true }
    shown.set({ stage, info, tree: withNode(now.tree, { ...rest, ...kept, message }) })
    hearing.finished(message, outcome)
  }

  /** As it is when it has been asked for. */
  function asked(node: MessageNode, message: ChatMessage): MessageNode {
    const { request } = node
    if (!request) return { ...node, message }
    // Without a network it is dialled all the same, since platforms guess; but it is not taken for sent.
    const isUnsent = !platformLifecycle().isOnline() && channel.connection.value !== 'open'
    return { ...node, message, request: { ...request, isUnsent: isUnsent || undefined } }
  }

  return {
    get isBusy() {
      return isBusy()
    },
    refuseWhileBusy() {
      const answering = answeringOf(shown.now)
      // Ended in this same turn, as by stop(): what waits for its promise need not be waited for.
      if (answering && !channel.isLive) complete(answering, outcomeOf(channel.status.value))
      if (isBusy()) throw new ChannelError('RUN_ACTIVE')
    },
    async write(tree, node, begin, { channelId, ...change } = {}) {
      const { tree: before, stage, queue } = shown.now
      const former = { tree: before, stage, ...(change.queue && { queue }) }
      // Stored before it leaves: what the app's death prevents from being stored is not sent either.
      if (channelId !== undefined) {
        const message: ChatMessage = { ...node.message, status: 'submitted', channelId }
        storeAhead({ ...shown.now, ...change, tree: withLeaf(tree, asked(node, message)) })
      }
      const toolAnswers = shallowRef<readonly ToolAnswer[]>([])
      const run = begin()
      const view = throttledAnswer(channel, throttleMs)
      const message = liveMessage(channel, node.message, toolAnswers)
      const inView = view.source === channel ? message : liveMessage(view.source, node.message, toolAnswers)
      const answering: Answering = { key: node.key, toolAnswers, message, run }
      shown.set({
        ...change,
        stage: { name: 'answering', answering },
        tree: withLeaf(tree, asked(node, inView)),
      })
      try {
        const outcome = await run
        complete(answering, outcome)
        return outcome
      } catch (refused) {
        if (answeringOf(shown.now) === answering) shown.set(former)
        throw refused
      } finally {
        view.stop()
      }
    },
  }
}

const outcomeOf = (status: ChannelStatus): Outcome =>
  status === 'done' || status === 'error' ? status : 'stopped'
