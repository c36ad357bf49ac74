import type { Part, ToolPart } from '../../messages/part.js'
import { isToolPart } from '../../messages/part-guards.js'

/** What a client may say of tool calls: results, and whether one may be run. */
export const answersIn = (parts: readonly Part[]): readonly ToolPart[] =>
  parts
    .filter(isToolPart)
    .filter(
      ({ state }) =>
        state === 'approval-responded' || state === 'output-available' || state === 'output-error',
    )

/**
 * The parts with the answers that the client gives to calls which wait for one. Only the answer is the client's: which tool
 * is called, and with what, stays as the server has it. The same list where nothing is answered.
 */
export function withToolAnswers(parts: readonly Part[], answers: readonly Part[]): readonly Part[] {
  const given = new Map(answersIn(answers).map((part) => [part.toolCallId, part]))
  if (given.size === 0 || !parts.some((part) => isToolPart(part) && answered(part, given) !== part))
    return parts
  return parts.map((part) => (isToolPart(part) ? answered(part, given) : part))
}

function answered(part: ToolPart, given: ReadonlyMap<string, ToolPart>): ToolPart {
  const answer = given.get(part.toolCallId)
  if (!answer || part.providerExecuted) return part
  if (part.state === 'approval-requested') {
    // A result cannot come before the question is answered.
    if (answer.state !== 'approval-responded' || answer.approval.id !== part.approval.id) return part
    const { approved, reason } = answer.approval
    const approval = {
      ...part.approval,
      approved: approved === true,
      ...(typeof reason === 'string' && { reason }),
    }
    return { ...part, state: 'approval-responded', approval } as ToolPart
  }
  if (part.state !== 'input-available') return part
  if (answer.state === 'output-available')
    return { ...part, state: 'output-available', output: answer.output } as ToolPart
  if (answer.state === 'output-error')
    return { ...part, state: 'output-error', errorText: String(answer.errorText) } as ToolPart
  return part
}
