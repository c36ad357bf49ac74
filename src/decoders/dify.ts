import type { Decoder } from './decoder.js'
import { parseLoosely } from './json.js'
import { appended, done, failed, fieldsOf, textOf, vendorDecoder } from './vendor-decoder.js'

/**
 * Dify's chat, agent, completion and workflow apps. Thinking comes inside the answer, as `<think>`. Behind a gateway
 * of yours: a key never belongs into an app.
 * @see https://docs.dify.ai/en/api-reference/guides/streaming
 */
export const difyDecoder: Decoder = vendorDecoder(() => (fields) => {
  const data = fieldsOf(fields.data)
  switch (fields.event) {
    case 'message':
    case 'agent_message':
      return { chunks: appended('text', fields.answer) }
    case 'text_chunk':
      return { chunks: appended('text', data.text) }
    // Moderation takes an answer back: the one case in which shown text must go.
    case 'message_replace':
      return { chunks: [{ type: 'text-replacement', text: textOf(fields.answer) }] }
    case 'text_replace':
      return { chunks: [{ type: 'text-replacement', text: textOf(data.text) }] }
    case 'agent_thought': {
      const { id, tool, tool_input: input, observation } = fields
      if (textOf(tool) === '') return {}
      const call = {
        type: 'tool',
        id: textOf(id),
        name: textOf(tool),
        input: parseLoosely(textOf(input)),
      } as const
      return {
        chunks: [
          textOf(observation) === ''
            ? { ...call, state: 'input-available' }
            : { ...call, state: 'output-available', output: parseLoosely(textOf(observation)) },
        ],
      }
    }
    case 'message_end':
      return { ending: done }
    case 'workflow_finished':
      if (data.status === 'failed') return { ending: failed(data.error) }
      if (data.status === 'stopped') return { ending: { outcome: 'stopped' } }
      // Inside a chat the message's own end follows.
      return fields.message_id === undefined && fields.conversation_id === undefined ? { ending: done } : {}
    case 'error':
      return { ending: failed(fields.message) }
    default:
      return {}
  }
})
