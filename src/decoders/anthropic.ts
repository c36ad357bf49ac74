import type { Decoder } from './decoder.js'
import type { Chunk } from './legacy-chunks.js'
import { createToolInputs } from './tool-inputs.js'
import { appended, done, failed, fieldsOf, textOf, vendorDecoder } from './vendor-decoder.js'

/**
 * Anthropic's Messages. Behind a gateway of yours: a key never belongs into an app.
 * @see https://docs.anthropic.com/en/api/messages-streaming
 */
export const anthropicDecoder: Decoder = vendorDecoder(() => {
  const tools = createToolInputs()

  return (fields) => {
    const place = typeof fields.index === 'number' ? fields.index : 0
    switch (fields.type) {
      case 'content_block_start': {
        const { type, id, name, text } = fieldsOf(fields.content_block)
        if (type !== 'tool_use') return { chunks: appended('text', text) }
        return { chunks: some(tools.begin(place, textOf(id), textOf(name))) }
      }
      case 'content_block_delta': {
        const { text, thinking, partial_json: piece } = fieldsOf(fields.delta)
        return {
          chunks: [
            ...appended('reasoning', thinking),
            ...appended('text', text),
            ...some(tools.append(place, textOf(piece))),
          ],
        }
      }
      case 'content_block_stop':
        return { chunks: [...tools.end(place), { type: 'section-end' }] }
      case 'message_stop':
        return { ending: done }
      case 'error':
        return { ending: failed(fieldsOf(fields.error).message) }
      default:
        return {}
    }
  }
})

const some = (chunk: Chunk | undefined): Chunk[] => (chunk ? [chunk] : [])
