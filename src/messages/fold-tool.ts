import type { ProviderMetadata, ToolChunk, UIMessageChunk } from './chunk.js'
import type { MessageState, OpenInput, Slot } from './message-state.js'
import { indexApproval, push } from './slots.js'
import type { ToolApproval, ToolPart, ToolState } from './part.js'
import { isDynamicToolPart, toolNameOf } from './part-guards.js'
import { partialJson } from './partial-json.js'
import { stringOf } from './string-of.js'

type Of<Type extends ToolChunk['type']> = Extract<ToolChunk, { readonly type: Type }>

/** What a part of any state may have. */
interface Progress {
  readonly state: ToolState
  readonly input?: unknown
  readonly rawInput?: unknown
  readonly inputEncoding?: 'json' | 'text' | undefined
  readonly output?: unknown
  readonly errorText?: string | undefined
  readonly preliminary?: boolean | undefined
  readonly providerExecuted?: boolean | undefined
  readonly providerMetadata?: ProviderMetadata | undefined
  readonly title?: string | undefined
  readonly toolMetadata?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The life of a tool call. The same id in a later step is another call.
 * @returns whether the chunk is of one
 */
export function foldTool(state: MessageState, chunk: UIMessageChunk): boolean {
  switch (chunk.type) {
    case 'tool-input-start':
      startInput(state, chunk)
      break
    case 'tool-input-delta':
      appendInput(state, chunk)
      break
    case 'tool-input-available':
      put(state, chunk, !!chunk.dynamic, { ...chunk, state: 'input-available' })
      break
    case 'tool-input-error': {
      const known = state.step.any.get(chunk.toolCallId)?.part
      const isDynamic = known ? isDynamicToolPart(known) : !!chunk.dynamic
      put(state, chunk, isDynamic, { ...chunk, title: undefined, state: 'output-error' })
      break
    }
    case 'tool-output-available': {
      const slot = find(state, chunk.toolCallId)
      const { input } = slot.part
      update(slot, toolNameOf(slot.part), { ...chunk, input, state: 'output-available' })
      break
    }
    case 'tool-output-error': {
      const slot = find(state, chunk.toolCallId)
      const { input } = slot.part
      const rawInput =
        'rawInput' in slot.part && !isDynamicToolPart(slot.part) ? slot.part.rawInput : undefined
      update(slot, toolNameOf(slot.part), { ...chunk, input, rawInput, state: 'output-error' })
      break
    }
    case 'tool-approval-request':
      requestApproval(state, chunk)
      break
    case 'tool-approval-response':
      answerApproval(state, chunk)
      break
    case 'tool-output-denied':
      change(find(state, chunk.toolCallId), { state: 'output-denied' })
      break
    default:
      return false
  }
  return true
}

function startInput(state: MessageState, chunk: Of<'tool-input-start'>) {
  const { toolCallId, toolName, dynamic, title, toolMetadata, inputEncoding } = chunk
  const call = { toolCallId, toolName, dynamic, title, toolMetadata, inputEncoding }
  state.inputs.set(toolCallId, { text: '', readUpTo: 0, value: undefined, call })
  put(state, chunk, !!dynamic, { ...chunk, state: 'input-streaming' })
}

function appendInput(state: MessageState, { toolCallId, inputTextDelta }: Of<'tool-input-delta'>) {
  const opened = state.inputs.get(toolCallId) ?? unknownInput(state, toolCallId)
  opened.text += stringOf(inputTextDelta)
  const { call, text: rawInput } = opened
  const input = call.inputEncoding === 'text' ? rawInput : readInput(opened)
  put(state, call, !!call.dynamic, { ...call, input, rawInput, state: 'input-streaming' })
}

/** A long input is read again when it has grown by an eighth: with each piece would cost the square of its length. */
function readInput(input: OpenInput): unknown {
  const { length } = input.text
  if (length < 4_096 || length > input.readUpTo * 1.125) {
    input.value = partialJson(input.text)
    input.readUpTo = length
  }
  return input.value
}

function requestApproval(state: MessageState, chunk: Of<'tool-approval-request'>) {
  const { approvalId: id, approvalDescriptor: descriptor, reason, isAutomatic, signature } = chunk
  const approval: ToolApproval = {
    id,
    ...(descriptor !== undefined && descriptor !== null && { descriptor }),
    ...('inputSchemaInput' in chunk && { inputSchemaInput: chunk.inputSchemaInput }),
    ...(isGiven(reason) && { requestReason: reason }),
    ...(isAutomatic === true && { isAutomatic }),
    ...(isGiven(signature) && { signature }),
  }
  const slot = find(state, chunk.toolCallId)
  indexApproval(state, id, slot)
  change(slot, { state: 'approval-requested', approval })
}

function answerApproval(state: MessageState, chunk: Of<'tool-approval-response'>) {
  const { approvalId: id, approved, reason, providerExecuted, providerMetadata } = chunk
  const asked = state.approvals.get(id)?.find(({ part, isGone }) => !isGone && approvalOf(part)?.id === id)
  // An answer to a question that nobody knows.
  if (!asked) return
  change(asked, {
    state: 'approval-responded',
    approval: { ...approvalOf(asked.part), id, approved, ...(isGiven(reason) && { reason }) },
    ...(isGiven(providerExecuted) && { providerExecuted }),
    ...(isGiven(providerMetadata) && { callProviderMetadata: providerMetadata }),
  })
}

/** Of this step, else the newest in any. What is told of a call that nobody began has a part all the same. */
function find(state: MessageState, toolCallId: string): Slot<ToolPart> {
  const known = state.step.any.get(toolCallId) ?? state.calls.get(toolCallId)
  if (known) return known
  const part = {
    type: 'dynamic-tool',
    toolName: UNKNOWN,
    toolCallId,
    state: 'input-available',
    input: undefined,
  } as const
  return push<ToolPart>(state, part)
}

const UNKNOWN = 'unknown'

function unknownInput(state: MessageState, toolCallId: string): OpenInput {
  const input: OpenInput = {
    text: '',
    readUpTo: 0,
    value: undefined,
    call: { toolCallId, toolName: UNKNOWN, dynamic: true },
  }
  state.inputs.set(toolCallId, input)
  return input
}

function put(
  state: MessageState,
  { toolCallId, toolName }: OpenInput['call'],
  isDynamic: boolean,
  progress: Progress,
) {
  const slot = (isDynamic ? state.step.dynamic : state.step.static).get(toolCallId)
  if (slot) return update(slot, toolName, progress)
  const begun = isDynamic
    ? ({ type: 'dynamic-tool', toolName, toolCallId } as const)
    : ({ type: `tool-${toolName}`, toolCallId } as const)
  // As the AI SDK: a dynamic call has its raw input from its second piece on.
  const { rawInput, ...fields } = fieldsOf(progress)
  push(state, { ...begun, ...fields, ...(!isDynamic && { rawInput }) } as ToolPart)
}

/** The next state of a call: of its former one only what stays true is left. */
function update(slot: Slot<ToolPart>, toolName: string, progress: Progress) {
  const { part } = slot
  const named = isDynamicToolPart(part) ? { toolName } : { type: `tool-${toolName}` }
  const { inputEncoding: _former, ...kept } = part as ToolPart & Progress
  const { title = part.title, providerExecuted } = progress
  slot.part = {
    ...kept,
    ...named,
    ...fieldsOf(progress),
    title,
    providerExecuted: providerExecuted ?? part.providerExecuted,
  } as ToolPart
}

function fieldsOf(progress: Progress) {
  const { state, input, rawInput, output, errorText, preliminary, providerExecuted, title } = progress
  const { inputEncoding, toolMetadata, providerMetadata } = progress
  const isResult = state === 'output-available' || state === 'output-error'
  return {
    state,
    input,
    rawInput,
    output,
    errorText,
    preliminary,
    providerExecuted,
    title,
    ...(isGiven(inputEncoding) && { inputEncoding }),
    ...(toolMetadata !== undefined && { toolMetadata }),
    ...(isGiven(providerMetadata) && {
      [isResult ? 'resultProviderMetadata' : 'callProviderMetadata']: providerMetadata,
    }),
  }
}

function change(slot: Slot<ToolPart>, fields: object) {
  slot.part = { ...slot.part, ...fields } as ToolPart
}

const approvalOf = (part: ToolPart): ToolApproval | undefined =>
  'approval' in part ? part.approval : undefined

const isGiven = <T>(value: T): value is NonNullable<T> => value !== undefined && value !== null
