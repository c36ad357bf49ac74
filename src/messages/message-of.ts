import { withTools } from '../core/built-for.js'
import { emptyMessage, type MessageState } from './message-state.js'
import type { Part } from './part.js'
import { isDynamicToolPart, toolNameOf } from './part-guards.js'
import { push } from './slots.js'

/** A message as it was before a run that goes on with it. */
export interface Origin {
  readonly id?: string | undefined
  readonly metadata?: unknown
  readonly parts: readonly Part[]
}

/** A message as it was stored, to go on with: tools whose input was still coming take more of it. */
export function messageOf(stored: Origin): MessageState {
  const state = emptyMessage()
  state.id = stored.id
  state.metadata = stored.metadata
  for (const part of stored.parts) push(state, part)
  if (!withTools) return state
  for (const { part } of state.step.any.values()) {
    if (part.state !== 'input-streaming') continue
    const { toolCallId, title, toolMetadata, rawInput = '', input, inputEncoding } = part
    const call = { toolCallId, toolName: toolNameOf(part), dynamic: isDynamicToolPart(part), inputEncoding }
    const open = { text: rawInput, readUpTo: rawInput.length, value: input }
    state.inputs.set(toolCallId, { ...open, call: { ...call, title, toolMetadata } })
  }
  return state
}
