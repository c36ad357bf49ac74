import type { Part } from '../messages/part.js'
import { isToolPart } from '../messages/part-guards.js'

/** What a page says of a tool call: its result, or whether it may be run. */
export type ToolAnswer =
  | { readonly kind: 'output'; readonly toolCallId: string; readonly output: unknown }
  | { readonly kind: 'failure'; readonly toolCallId: string; readonly errorText: string }
  | {
      readonly kind: 'approval'
      readonly id: string
      readonly approved: boolean
      readonly reason?: string | undefined
    }

/** Whether the answer is one to this part. What was answered is not asked any more: the first answer counts. */
export function isAnswerTo(answer: ToolAnswer, part: Part): boolean {
  if (!isToolPart(part)) return false
  if (answer.kind === 'approval') return part.state === 'approval-requested' && part.approval.id === answer.id
  const isOpen = !part.state.startsWith('output-') || (part.state === 'output-available' && part.preliminary)
  return part.toolCallId === answer.toolCallId && isOpen === true
}

/** The part as it is with the answer; the same object where the answer is to another. */
export function withAnswer(part: Part, answer: ToolAnswer): Part {
  if (!isToolPart(part) || !isAnswerTo(answer, part)) return part
  if (answer.kind === 'approval') {
    const { id, approved, reason } = answer
    const asked = 'approval' in part ? part.approval : undefined
    const approval = { ...asked, id, approved, ...(reason !== undefined && { reason }) }
    return { ...part, state: 'approval-responded', approval } as Part
  }
  const { approval, ...call } = { approval: undefined, ...part }
  const granted = approval?.approved === true ? { approval } : {}
  const result =
    answer.kind === 'output'
      ? { state: 'output-available', output: answer.output }
      : { state: 'output-error', errorText: answer.errorText }
  return { ...call, ...granted, ...result } as Part
}

/** The parts with all of these answers; the same list where none is to any of them. */
export function withAnswers(parts: readonly Part[], answers: readonly ToolAnswer[]): readonly Part[] {
  let changed = parts
  for (const answer of answers)
    if (changed.some((part) => isAnswerTo(answer, part)))
      changed = changed.map((part) => withAnswer(part, answer))
  return changed
}
