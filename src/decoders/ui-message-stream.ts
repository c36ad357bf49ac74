import { ChannelError } from '../core/channel-error.js'
import { isErrorCode } from '../core/error-codes.js'
import type { Chunk, Decoded, Decoder } from './decoder.js'
import { parseLoosely } from './json.js'
import { runEnding } from './run-ending.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * UI message stream v1, the vocabulary of our server and of the AI SDK's. Values of no known kind pass as messages,
 * so a server of plain JSON works with it too.
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export const uiMessageStream: Decoder = () => {
  const tools = new Map<string, { readonly name: string; inputText: string; input: unknown }>()

  function tool(fields: Fields): Chunk | undefined {
    const id = string(fields.toolCallId)
    const known = tools.get(id) ?? {
      name: string(fields.toolName) || 'tool',
      inputText: '',
      input: undefined,
    }
    tools.set(id, known)
    const call = { type: 'tool', id, name: known.name } as const
    switch (fields.type) {
      case 'tool-input-start':
        return { ...call, state: 'input-streaming' }
      case 'tool-input-delta':
        known.inputText += string(fields.inputTextDelta)
        return { ...call, state: 'input-streaming', input: known.inputText }
      case 'tool-input-available':
        known.input = fields.input
        return { ...call, state: 'input-available', input: known.input }
      case 'tool-input-error':
      case 'tool-output-error': {
        const input = fields.input ?? known.input
        return { ...call, state: 'output-error', input, errorText: string(fields.errorText) }
      }
      case 'tool-output-available':
        return { ...call, state: 'output-available', input: known.input, output: fields.output }
      default:
        return undefined
    }
  }

  function chunk(fields: Fields, type: string): Chunk | undefined {
    switch (type) {
      case 'text-delta':
        return { type: 'text', delta: string(fields.delta) }
      case 'reasoning-delta':
        return { type: 'reasoning', delta: string(fields.delta) }
      case 'text-end':
      case 'reasoning-end':
      case 'start-step':
        return { type: 'section-end' }
      case 'source-url':
      case 'source-document':
      case 'file':
        return { type: 'reference', reference: fields }
    }
    if (type.startsWith('tool-')) return tool(fields)
    if (!type.startsWith('data-')) return undefined
    const id = fields.id === undefined ? undefined : string(fields.id)
    return { type: 'data', name: type.slice(5), id, data: fields.data, transient: fields.transient === true }
  }

  return (event): Decoded => {
    const ending = runEnding(event)
    if (ending) return { chunks: [], ending }
    const message = parseLoosely(event.data)
    const fields = typeof message === 'object' && message !== null ? (message as Fields) : {}
    const type = string(fields.type)
    if (type === 'abort') return { message, chunks: [], ending: { outcome: 'stopped' } }
    if (type === 'error' && typeof fields.errorText === 'string') {
      const code = isErrorCode(fields.code) ? fields.code : 'PRODUCER_ERROR'
      return {
        message,
        chunks: [],
        ending: { outcome: 'error', error: new ChannelError(code, fields.errorText) },
      }
    }
    // Gateways in front of a model report its failure inside the stream, in the shape of an error answer.
    const failure = type === '' ? fields.error : undefined
    if (typeof failure === 'object' && failure !== null) {
      const { message: reason } = failure as Fields
      const error = new ChannelError('PRODUCER_ERROR', typeof reason === 'string' ? reason : undefined)
      return { message, chunks: [], ending: { outcome: 'error', error } }
    }
    const piece = chunk(fields, type)
    return { message, chunks: piece ? [piece] : [] }
  }
}

const string = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
