import { ChannelError } from '../../core/channel-error.js'
import type { UIMessageChunk } from '../stream-format.js'

/** Turns the data of a chat completion's events into UI message stream chunks. */
export interface CompletionMapper {
  /** @throws {ChannelError} PRODUCER_ERROR: not JSON, or an error of the endpoint's */
  map(data: string): readonly UIMessageChunk[]
  /** What closes the message. @throws {ChannelError} PRODUCER_ERROR when the stream broke off before its end */
  end(): readonly UIMessageChunk[]
}

type Part = 'text' | 'reasoning'
type Fields = Readonly<Record<string, unknown>>

export function createCompletionMapper(): CompletionMapper {
  let open: { readonly part: Part; readonly id: string } | undefined
  let parts = 0
  let finishReason: string | undefined
  let usage: Fields | undefined
  let state: 'running' | 'done' = 'running'

  function close(): UIMessageChunk[] {
    const chunks = open ? [{ type: `${open.part}-end`, id: open.id }] : []
    open = undefined
    return chunks
  }

  function append(part: Part, delta: unknown): UIMessageChunk[] {
    if (typeof delta !== 'string' || delta === '') return []
    const chunks: UIMessageChunk[] = []
    if (open?.part !== part) {
      chunks.push(...close())
      open = { part, id: `${part}-${++parts}` }
      chunks.push({ type: `${part}-start`, id: open.id })
    }
    chunks.push({ type: `${part}-delta`, id: open.id, delta })
    return chunks
  }

  return {
    map(data) {
      if (data === '[DONE]') {
        state = 'done'
        return []
      }
      const chunk = parse(data)
      if (chunk.error !== undefined && chunk.error !== null) {
        throw new ChannelError('PRODUCER_ERROR', 'The model reported an error.', { cause: new Error(data) })
      }
      if (isFields(chunk.usage)) usage = chunk.usage
      const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined
      if (!isFields(choice)) return []
      if (typeof choice.finish_reason === 'string') finishReason = choice.finish_reason
      const delta = isFields(choice.delta) ? choice.delta : {}
      // DeepSeek, Qwen and vLLM say reasoning_content, OpenRouter says reasoning.
      return [
        ...append('reasoning', delta.reasoning_content ?? delta.reasoning),
        ...append('text', delta.content),
      ]
    },

    end() {
      if (state !== 'done' && finishReason === undefined) {
        throw new ChannelError('PRODUCER_ERROR', 'The model broke off in the middle of its answer.')
      }
      const messageMetadata = {
        ...(finishReason !== undefined && { finishReason }),
        ...(usage && {
          usage: {
            inputTokens: usage.prompt_tokens,
            outputTokens: usage.completion_tokens,
            totalTokens: usage.total_tokens,
          },
        }),
      }
      return [...close(), { type: 'finish', messageMetadata }]
    },
  }
}

function parse(data: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch (error) {
    throw new ChannelError('PRODUCER_ERROR', 'The model sent something that is not JSON.', { cause: error })
  }
  return isFields(value) ? value : {}
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
