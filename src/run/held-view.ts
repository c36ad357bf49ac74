import type { Answer } from '../messages/create-answer.js'
import type { Part } from '../messages/part.js'

/** What a page shows of an answer. */
export interface Shown {
  readonly text: string
  readonly reasoning: string
  readonly parts: readonly Part[]
  readonly messages: readonly unknown[]
}

/** Of an answer that was stored, or comes from its beginning again. */
export function shownOf(parts: readonly Part[]): Shown {
  const textOf = (type: 'text' | 'reasoning') =>
    parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('')
  return { text: textOf('text'), reasoning: textOf('reasoning'), parts, messages: [] }
}

/**
 * Whether as much has come again as is in view: until then what is in view stays, so that reading again takes nothing
 * back.
 */
export function isAsMuch(answer: Answer, received: number, held: Shown): boolean {
  if (answer.text.length < held.text.length || answer.reasoning.length < held.reasoning.length) return false
  return held.parts.length > 0 ? answer.parts.length >= held.parts.length : received >= held.messages.length
}
