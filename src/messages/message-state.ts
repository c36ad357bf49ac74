import type { FinishReason } from './chunk.js'
import type { Part, ReasoningPart, TextPart, ToolPart } from './part.js'
import { isDataPart, isDynamicToolPart, isToolPart, toolNameOf } from './part-guards.js'

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
}

const newStep = (): MessageState['step'] => ({ static: new Map(), dynamic: new Map(), any: new Map() })

/** An empty message, or one to go on with. */
export function messageState(from?: {
  readonly id?: string | undefined
  readonly metadata?: unknown
  readonly parts: readonly Part[]
}): MessageState {
  const state: MessageState = {
    id: from?.id,
    metadata: from?.metadata,
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
  }
  for (const part of from?.parts ?? []) push(state, part)
  for (const { part } of state.step.any.values()) if (part.state === 'input-streaming') reopen(state, part)
  return state
}

/** Data parts that a message keeps at least: the newest. An endless run must not fill the memory. */
const MAX_DATA_PARTS = 10_000

/** Puts a part behind all others. */
export function push<P extends Part>(state: MessageState, part: P): Slot<P> {
  if (state.loose) endLoose(state)
  const slot: Slot<P> = {
    part,
    isOpen: false,
    isGone: false,
    earlier: isToolPart(part) ? state.calls.get(part.toolCallId) : undefined,
  }
  state.slots.push(slot)
  index(state, slot)
  if (state.dataParts > MAX_DATA_PARTS * 1.1) dropOldData(state)
  return slot
}

/** What the current step has given is gone. */
export function resetStep(state: MessageState) {
  const { slots } = state
  let slot = slots[slots.length - 1]
  for (; slot && slot.part.type !== 'step-start'; slot = slots[slots.length - 1]) {
    slots.pop()
    forget(state, slot)
  }
  state.loose = undefined
  state.open.text.clear()
  state.open.reasoning.clear()
  state.inputs.clear()
  state.step = newStep()
}

export function rowKey(type: string, id: unknown): string {
  return `${type}\n${String(id)}`
}

export function endLoose(state: MessageState) {
  const { loose } = state
  if (!loose) return
  loose.part = { ...loose.part, state: 'done' }
  loose.isOpen = false
  state.loose = undefined
}

function index(state: MessageState, slot: Slot) {
  const { part } = slot
  if (part.type === 'text' || part.type === 'reasoning') state.written[part.type].push(slot as Slot<Written>)
  else if (part.type === 'step-start') state.step = newStep()
  else if (isToolPart(part)) {
    const call = slot as Slot<ToolPart>
    const { toolCallId: id } = part
    const kind = isDynamicToolPart(part) ? state.step.dynamic : state.step.static
    if (!kind.has(id)) kind.set(id, call)
    if (!state.step.any.has(id)) state.step.any.set(id, call)
    state.calls.set(id, call)
    if ('approval' in part && part.approval) indexApproval(state, part.approval.id, call)
  } else if (isDataPart(part)) {
    state.dataParts++
    if (part.id !== undefined) state.rows.set(rowKey(part.type, part.id), slot)
  }
}

export function indexApproval(state: MessageState, id: string, slot: Slot<ToolPart>) {
  const asked = state.approvals.get(id)
  if (asked) asked.push(slot)
  else state.approvals.set(id, [slot])
}

function forget(state: MessageState, slot: Slot) {
  const { part } = slot
  slot.isGone = true
  if (part.type === 'text' || part.type === 'reasoning') state.written[part.type].pop()
  else if (isToolPart(part)) {
    if (slot.earlier) state.calls.set(part.toolCallId, slot.earlier)
    else state.calls.delete(part.toolCallId)
  } else if (isDataPart(part)) {
    state.dataParts--
    if (part.id !== undefined) state.rows.delete(rowKey(part.type, part.id))
  }
}

/** In batches: taking out one a part would move the whole list each time. */
function dropOldData(state: MessageState) {
  let surplus = state.dataParts - MAX_DATA_PARTS
  state.slots = state.slots.filter((slot) => {
    if (surplus === 0 || !isDataPart(slot.part)) return true
    surplus--
    forget(state, slot)
    return false
  })
}

function reopen(state: MessageState, part: Extract<ToolPart, { state: 'input-streaming' }>) {
  const { toolCallId, title, toolMetadata, rawInput = '', input, inputEncoding } = part
  const call = {
    toolCallId,
    toolName: toolNameOf(part),
    dynamic: isDynamicToolPart(part),
    title,
    toolMetadata,
  }
  state.inputs.set(toolCallId, {
    text: rawInput,
    readUpTo: rawInput.length,
    value: input,
    call: { ...call, inputEncoding },
  })
}
