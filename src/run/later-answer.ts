import type { AnswerMessage, Answer } from '../messages/create-answer.js'
import type { Origin } from '../messages/message-of.js'
import { isReasoningPart, isTextPart } from '../messages/part-guards.js'
import { engineNow } from './load-engine.js'

/**
 * An answer for which the engine may still be on its way: until it is here nothing has come, so there is what the answer
 * goes on with, or nothing.
 */
export function laterAnswer(origin?: Origin): Answer {
  let made: Answer | undefined
  const real = () => (made ??= engineNow()?.createAnswer(origin))
  const { id, metadata, parts = [] } = origin ?? {}
  const joined = (isKind: typeof isTextPart | typeof isReasoningPart) =>
    parts.map((part) => (isKind(part) ? part.text : '')).join('')

  return {
    get text() {
      return real()?.text ?? joined(isTextPart)
    },
    get reasoning() {
      return real()?.reasoning ?? joined(isReasoningPart)
    },
    get parts() {
      return real()?.parts ?? parts
    },
    get id() {
      return real()?.id ?? id
    },
    message: (shown) =>
      real()?.message(shown) ??
      ({
        id,
        role: 'assistant',
        parts: shown,
        metadata,
        finishReason: undefined,
        others: [],
        most: { characters: 0, others: 0 },
      } satisfies AnswerMessage),
    add: (chunk) => real()?.add(chunk),
    close: () => real()?.close(),
  }
}
