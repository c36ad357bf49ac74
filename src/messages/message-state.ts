import type { FinishReason } from './chunk.js'
import type { Part, ReasoningPart, TextPart, ToolPart } from './part.js'

/** A place in the message. The part in it is replaced as it grows, never changed: a list can compare parts. */
export interface Slot<P extends Part = Part> {
  part: P
  /** Text that still grows. */
  isOpen: boolean
  /** Taken back, or of more data parts than are kept. */
  isGone: boolean
  /** The former call with the same id. */
  readonly earlier?: Slot<ToolPart> | undefined
}

export type Written = TextPart | ReasoningPart

/** A tool's input that comes in pieces. */
export interface OpenInput {
  text: string
  /** How much of it had come when it was read as JSON last. */
  readUpTo: number
  value: unknown
  readonly call: {
    readonly toolCallId: string
    readonly toolName: string
    readonly dynamic?: boolean | undefined
    readonly title?: string | undefined
    readonly toolMetadata?: Readonly<Record<string, unknown>> | undefined
    readonly inputEncoding?: 'json' | 'text' | undefined
  }
}

/**
 * A message that is being written, with what has to be found again in it: a chunk costs the same in an answer of any
 * length. `fold` takes it over and gives it back; nobody else changes it.
 */
export interface MessageState {
  id: string | undefined
  metadata: unknown
  finishReason: FinishReason | undefined
  slots: Slot[]
  /** Chunks of types that are not known here, the newest of them. */
  others: unknown[]
  /** The slots of one kind, in order, for the views. */
  readonly written: { readonly text: Slot<Written>[]; readonly reasoning: Slot<Written>[] }
  /** Text that is open, by the id of its chunks. */
  readonly open: { readonly text: Map<string, Slot<Written>>; readonly reasoning: Map<string, Slot<Written>> }
  /** Text without an id, open until something else comes. */
  loose: Slot<Written> | undefined
  /** Calls of this step, the first of each id; an id may be used again in a later step. */
  step: {
    static: Map<string, Slot<ToolPart>>
    dynamic: Map<string, Slot<ToolPart>>
    any: Map<string, Slot<ToolPart>>
  }
  /** The newest call of each id, in any step. */
  readonly calls: Map<string, Slot<ToolPart>>
  readonly approvals: Map<string, Slot<ToolPart>[]>
  readonly inputs: Map<string, OpenInput>
  /** Data parts with an id. */
  readonly rows: Map<string, Slot>
  /** Data parts in the message. */
  dataParts: number
  /** What is there now, and the most there was at any time: less is there when something was taken back. */
  readonly size: MessageSize
  readonly most: MessageSize
}

/** Characters of text and of thinking, and how many other parts. */
export interface MessageSize {
  characters: number
  others: number
}

export const newStep = (): MessageState['step'] => ({ static: new Map(), dynamic: new Map(), any: new Map() })

export function emptyMessage(): MessageState {
  return {
    id: undefined,
    metadata: undefined,
    finishReason: undefined,
    slots: [],
    others: [],
    written: { text: [], reasoning: [] },
    open: { text: new Map(), reasoning: new Map() },
    loose: undefined,
    step: newStep(),
    calls: new Map(),
    approvals: new Map(),
    inputs: new Map(),
    rows: new Map(),
    dataParts: 0,
    size: { characters: 0, others: 0 },
    most: { characters: 0, others: 0 },
  }
}
