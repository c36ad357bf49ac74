import type { Channel } from '../run/channel.js'
import { answeringOf } from './chat-state.js'
import { pathOf, withNode, type MessageNode } from './message-tree.js'
import type { ShownState } from './shown-state.js'
import { withAnswers, type ToolAnswer } from './tool-answer.js'

/**
 * Puts what the page says of a tool call into the message that it belongs to, the newest of those that are shown.
 * @returns `complete`: it is in a message that is complete, so the conversation may go on. `kept`: the answer that is being
 * written has it, or may yet tell of the call. `nothing`: there is no such call that waits
 */
export function answerTools(
  shown: ShownState,
  channel: Channel,
  given: ToolAnswer,
): 'complete' | 'kept' | 'nothing' {
  const answering = answeringOf(shown.now)
  // The answer that is being written may yet tell of the call.
  if (answering) answering.toolAnswers.value = [...answering.toolAnswers.value, given]
  const { tree } = shown.now
  const isOf = ({ key, message }: MessageNode) =>
    key !== answering?.key && withAnswers(message.parts, [given]) !== message.parts
  const node = [...pathOf(tree)].reverse().find(isOf)
  const message = node && { ...node.message, parts: withAnswers(node.message.parts, [given]) }
  if (node && message) shown.set({ tree: withNode(tree, { ...node, message }) })
  else if (answering) shown.set({})
  if (node && !answering && !channel.isLive) return 'complete'
  return node || answering ? 'kept' : 'nothing'
}
