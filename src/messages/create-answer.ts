import type { FinishReason, UIMessageChunk } from './chunk.js'
import { fold } from './fold.js'
import type { LooseText } from './fold-text.js'
import { messageState, type Slot, type Written } from './message-state.js'
import type { Part } from './part.js'
import { createTextView } from './text-view.js'

/** An answer so far, as a page shows it. */
export interface Answer {
  /** All text of the answer, and all thinking. */
  readonly text: string
  readonly reasoning: string
  /** A list of its own with each reading; a part that has not changed is the same object. */
  readonly parts: readonly Part[]
  /** The server's id of the message, where it gives one. */
  readonly id: string | undefined
  readonly metadata: unknown
  readonly finishReason: FinishReason | undefined
  /** Chunks of types that this version does not know, the newest 1,000 at least. */
  readonly others: readonly unknown[]
  add(chunk: UIMessageChunk | LooseText): void
  /** No more chunks come for now: text that is open shows as done. */
  close(): void
}

/** Gathers the chunks of one run. Plain values: whoever shows them decides when to look. */
export function createAnswer(): Answer {
  let state = messageState()
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
    get metadata() {
      return state.metadata
    },
    get finishReason() {
      return state.finishReason
    },
    get others() {
      return state.others.slice()
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
