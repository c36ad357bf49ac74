import type { Part } from '../messages/part.js'
import { isToolPart } from '../messages/part-guards.js'
import type { ChatMessage } from './chat-message.js'

interface Now {
  readonly messages: readonly Pick<ChatMessage, 'role' | 'parts'>[]
}

/** The parts of the last step of the last message, if that is an answer. */
function lastStep({ messages }: Now): readonly Part[] {
  const last = messages[messages.length - 1]
  if (last?.role !== 'assistant') return []
  let from = 0
  for (const [index, { type }] of last.parts.entries()) if (type === 'step-start') from = index + 1
  return last.parts.slice(from)
}

const isDone = (part: Part): boolean =>
  isToolPart(part) &&
  (part.state === 'output-error' || (part.state === 'output-available' && part.preliminary !== true))

/**
 * For `sendAutomaticallyWhen`: every call of the last step that the page had to answer has its result. With a name as in
 * the AI SDK.
 */
export function lastAssistantMessageIsCompleteWithToolCalls(now: Now): boolean {
  const step = lastStep(now)
  const own = step.filter((part) => isToolPart(part) && part.providerExecuted !== true)
  const lastCall = own[own.length - 1]
  if (!lastCall) return false
  const after = step.slice(step.indexOf(lastCall) + 1)
  return own.every(isDone) && after.every((part) => part.type !== 'text' || part.state === 'done')
}

/** For `sendAutomaticallyWhen`: every question of the last step whether a tool may run is answered. */
export function lastAssistantMessageIsCompleteWithApprovalResponses(now: Now): boolean {
  const calls = lastStep(now).filter(isToolPart)
  const isAnswered = calls.some(({ state }) => state === 'approval-responded')
  return (
    isAnswered &&
    calls.every(
      (part) => isDone(part) || part.state === 'output-denied' || part.state === 'approval-responded',
    )
  )
}
