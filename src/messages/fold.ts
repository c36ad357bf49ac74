import { withTools } from '../core/built-for.js'
import type { UIMessageChunk } from './chunk.js'
import { foldLooseText, foldText, type LooseText } from './fold-text.js'
import { foldTool } from './fold-tool.js'
import { mergeMetadata } from './merge-metadata.js'
import type { MessageState } from './message-state.js'
import { push, resetStep, rowKey } from './slots.js'
import type { DataPart } from './part.js'

/** Chunks of unknown types that a message keeps: the newest. */
const MAX_OTHERS = 1_000

/**
 * The message with what one more chunk says. The state that is given is used up: go on with the one that is returned.
 * The same chunks always make the same message. Costs the same in a message of any length. Never throws: where the AI
 * SDK refuses a stream (a piece of text that never began, a result of an unknown call), what came is kept.
 */
export function fold(state: MessageState, chunk: UIMessageChunk | LooseText): MessageState {
  switch (chunk.type) {
    case 'text':
    case 'reasoning':
      foldLooseText(state, chunk)
      break
    case 'text-start':
    case 'text-delta':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-delta':
    case 'reasoning-end':
      foldText(state, chunk)
      break
    case 'source-url': {
      const { sourceId, url, title, providerMetadata } = chunk
      push(state, { type: chunk.type, sourceId, url, title, providerMetadata })
      break
    }
    case 'source-document': {
      const { sourceId, mediaType, title, filename, providerMetadata } = chunk
      push(state, { type: chunk.type, sourceId, mediaType, title, filename, providerMetadata })
      break
    }
    case 'file':
    case 'reasoning-file': {
      const { type, url, mediaType, providerMetadata } = chunk
      push(state, { type, mediaType, url, ...(providerMetadata && { providerMetadata }) })
      break
    }
    case 'custom':
      push(state, { type: chunk.type, kind: chunk.kind, providerMetadata: chunk.providerMetadata })
      break
    case 'steering-message':
      push(state, { type: chunk.type, id: chunk.id, parts: chunk.parts as never })
      break
    case 'start-step':
      push(state, { type: 'step-start' })
      break
    case 'reset-step':
      resetStep(state)
      break
    case 'start':
      if (typeof chunk.messageId === 'string') state.id = chunk.messageId
      state.metadata = mergeMetadata(state.metadata, chunk.messageMetadata)
      break
    case 'finish':
      if (chunk.finishReason) state.finishReason = chunk.finishReason
      state.metadata = mergeMetadata(state.metadata, chunk.messageMetadata)
      break
    case 'message-metadata':
      state.metadata = mergeMetadata(state.metadata, chunk.messageMetadata)
      break
    // How a run ends is no part of the message; that a step has ended says nothing of what is open.
    case 'abort':
    case 'error':
    case 'finish-step':
      break
    default:
      if (!withTools || !foldTool(state, chunk)) foldOther(state, chunk)
  }
  return state
}

function foldOther(state: MessageState, chunk: UIMessageChunk) {
  if (!isData(chunk)) {
    state.others.push(chunk)
    if (state.others.length > MAX_OTHERS * 1.1) state.others.splice(0, state.others.length - MAX_OTHERS)
    return
  }
  if (chunk.transient) return
  const { id, data } = chunk
  const row = isGiven(id) ? state.rows.get(rowKey(chunk.type, id)) : undefined
  if (row) row.part = { ...(row.part as DataPart), data }
  else push<DataPart>(state, { ...chunk })
}

// The compiler knows all types; a server of a later version knows more.
const isData = (chunk: UIMessageChunk): chunk is Extract<UIMessageChunk, { type: `data-${string}` }> =>
  String(chunk.type).startsWith('data-')

const isGiven = (value: unknown) => value !== undefined && value !== null
