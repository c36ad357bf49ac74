import type { Answer } from '../messages/create-answer.js'
import type { MessageSize } from '../messages/message-state.js'
import type { Part } from '../messages/part.js'

/** What a page shows of an answer, while another, or the same again, has not come as far. */
export interface HeldView {
  readonly text: string
  readonly reasoning: string
  readonly parts: readonly Part[]
  readonly messages: readonly unknown[]
  readonly size: MessageSize
}

export function holdView(answer: Answer, messages: readonly unknown[]): HeldView {
  const { text, reasoning, parts } = answer
  return { text, reasoning, parts, messages, size: answer.message([]).most }
}

/** Whether as much has come again, even if some of it was then taken back. */
export function isAsMuch(answer: Answer, received: number, { size, messages }: HeldView): boolean {
  if (size.characters + size.others === 0) return received >= messages.length
  const { most } = answer.message([])
  return most.characters >= size.characters && most.others >= size.others
}
