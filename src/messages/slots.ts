import { withTools } from '../core/built-for.js'
import { newStep, type MessageState, type Slot, type Written } from './message-state.js'
import type { Part, ToolPart } from './part.js'
import { isDataPart, isDynamicToolPart, isToolPart } from './part-guards.js'

/** Data parts that a message keeps at least: the newest. An endless run must not fill the memory. */
const MAX_DATA_PARTS = 10_000

/** Puts a part behind all others. */
export function push<P extends Part>(state: MessageState, part: P): Slot<P> {
  endLoose(state)
  const earlier = withTools && isToolPart(part) ? state.calls.get(part.toolCallId) : undefined
  const slot: Slot<P> = { part, isOpen: false, isGone: false, earlier }
  state.slots.push(slot)
  index(state, slot)
  count(state, part, 1)
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
    count(state, slot.part, -1)
  }
  state.loose = undefined
  state.open.text.clear()
  state.open.reasoning.clear()
  state.inputs.clear()
  state.step = newStep()
}

export function endLoose(state: MessageState) {
  const { loose } = state
  if (!loose) return
  loose.part = { ...loose.part, state: 'done' }
  loose.isOpen = false
  state.loose = undefined
}

export function rowKey(type: string, id: unknown): string {
  return `${type}\n${String(id)}`
}

export function indexApproval(state: MessageState, id: string, slot: Slot<ToolPart>) {
  const asked = state.approvals.get(id)
  if (asked) asked.push(slot)
  else state.approvals.set(id, [slot])
}

export function countCharacters({ size, most }: MessageState, more: number) {
  size.characters += more
  most.characters = Math.max(most.characters, size.characters)
}

function count(state: MessageState, part: Part, sign: 1 | -1) {
  if (part.type === 'text' || part.type === 'reasoning')
    return countCharacters(state, sign * part.text.length)
  const { size, most } = state
  size.others += sign
  most.others = Math.max(most.others, size.others)
}

function index(state: MessageState, slot: Slot) {
  const { part } = slot
  if (part.type === 'text' || part.type === 'reasoning') state.written[part.type].push(slot as Slot<Written>)
  else if (part.type === 'step-start') state.step = newStep()
  else if (withTools && isToolPart(part)) {
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

function forget(state: MessageState, slot: Slot) {
  const { part } = slot
  slot.isGone = true
  if (part.type === 'text' || part.type === 'reasoning') state.written[part.type].pop()
  else if (withTools && isToolPart(part)) {
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
