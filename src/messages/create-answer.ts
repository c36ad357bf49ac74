import type { FinishReason, UIMessageChunk } from './chunk.js'
import { fold } from './fold.js'
import type { LooseText } from './fold-text.js'
import { messageOf, type Origin } from './message-of.js'
import { emptyMessage, type MessageSize, type Slot, type Written } from './message-state.js'
import type { Part } from './part.js'
import { createTextView } from './text-view.js'

/** An answer as one message, in the shape of the AI SDK's UI messages. */
export interface AnswerMessage {
  /** The server's, where it gives one. */
  readonly id: string | undefined
  readonly role: 'assistant'
  readonly parts: readonly Part[]
  /** All that the server says of the message, merged. */
  readonly metadata: unknown
  /** Why the model ended. `length`: the answer was cut at its limit. */
  readonly finishReason: FinishReason | undefined
  /** Chunks of types that this version does not know, the newest 1,000 at least. */
  readonly others: readonly unknown[]
  /** The most that the message had at any time: less is there when something was taken back. */
  readonly most: Readonly<MessageSize>
}

/** An answer so far, as a page shows it. */
export interface Answer {
  /** All text of the answer, and all thinking. */
  readonly text: string
  readonly reasoning: string
  /** A list of its own with each reading; a part that has not changed is the same object. */
  readonly parts: readonly Part[]
  /** With these parts, which are a reading of its own. */
  message(parts: readonly Part[]): AnswerMessage
  /** The server's id of the message. */
  readonly id: string | undefined
  add(chunk: UIMessageChunk | LooseText): void
  /** No more chunks come for now: text that is open shows as done. */
  close(): void
}

/** Gathers the chunks of one run. Plain values: whoever shows them decides when to look. */
export function createAnswer(origin?: Origin): Answer {
  let state = origin ? messageOf(origin) : emptyMessage()
  let isClosed = false
  const text = createTextView()
  const reasoning = createTextView()

  return {
    get text() {
      return text(state.written.text)
    },
    get reasoning() {
      return reasoning(state.written.reasoning)
    },
    get parts() {
      return state.slots.map(isClosed ? closedPart : ({ part }) => part)
    },
    get id() {
      return state.id
    },
    message(parts) {
      const { id, metadata, finishReason, others, most } = state
      return {
        id,
        role: 'assistant',
        parts,
        metadata,
        finishReason,
        others: others.slice(),
        most: { ...most },
      }
    },
    add(chunk) {
      isClosed = false
      state = fold(state, chunk)
    },
    close() {
      isClosed = true
    },
  }
}

function closedPart({ part }: Slot): Part {
  const isText = part.type === 'text' || part.type === 'reasoning'
  return isText && part.state === 'streaming' ? ({ ...part, state: 'done' } satisfies Written) : part
}
