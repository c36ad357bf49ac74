import type { Decoder } from './decoder.js'
import type { Chunk } from './legacy-chunks.js'
import { createToolInputs } from './tool-inputs.js'
import { appended, failed, fieldsOf, firstOf, textOf, vendorDecoder } from './vendor-decoder.js'

/**
 * OpenAI's Chat Completions, and all who speak it: DeepSeek, 通义千问, Kimi, 智谱, 豆包, Ollama, vLLM. The first choice
 * is the answer. Behind a gateway of yours: a key never belongs into an app.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export const openAIDecoder: Decoder = vendorDecoder(() => {
  const tools = createToolInputs()

  return ({ choices, error }) => {
    if (error !== undefined && error !== null)
      return { ending: failed(typeof error === 'string' ? error : fieldsOf(error).message) }
    const { delta, finish_reason: reason } = firstOf(choices)
    const { content, reasoning_content, reasoning, refusal, tool_calls: calls } = fieldsOf(delta)
    return {
      chunks: [
        // DeepSeek, Qwen and vLLM say reasoning_content, OpenRouter says reasoning.
        ...appended('reasoning', reasoning_content ?? reasoning),
        ...appended('text', content),
        ...appended('text', refusal),
        ...(Array.isArray(calls) ? calls.flatMap(toolChunks) : []),
        ...(textOf(reason) === '' ? [] : tools.end()),
      ],
    }
  }

  function toolChunks(call: unknown): Chunk[] {
    const { index, id, function: called } = fieldsOf(call)
    const place = typeof index === 'number' ? index : 0
    const { name, arguments: piece } = fieldsOf(called)
    const begun = typeof id === 'string' && id !== '' ? tools.begin(place, id, textOf(name)) : undefined
    const more = tools.append(place, textOf(piece))
    return [begun, more].filter((chunk) => chunk !== undefined)
  }
})
