import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { fieldsOf, idOf, listOf, textOf } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { usageOf } from './usage.js'

/**
 * Ollama's own `/api/chat` and `/api/generate`: one JSON object a line. Its OpenAI-compatible side is `openAI`'s.
 *
 * Stopped by hanging up. Ends with `"done": true`.
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export const ollama = defineVendor({
  name: 'ollama',
  title: 'Ollama',
  end: '"done": true',
  framing: 'lines',
  owns: ({ fields: { model, created_at: created, done } }) =>
    typeof model === 'string' && typeof created === 'string' && typeof done === 'boolean',
  begin: readOllama,
})

function readOllama(answer: Answer): Reading {
  let calls = 0

  return {
    read({ fields }) {
      const { content, thinking, tool_calls: called, images } = fieldsOf(fields.message)
      answer.piece('reasoning', thinking ?? fields.thinking)
      answer.piece('text', content ?? fields.response)
      for (const call of listOf(called)) {
        const { id, function: one } = fieldsOf(call)
        const { name, arguments: input } = fieldsOf(one)
        answer.tools.whole({ id: idOf(id) || `call-${++calls}`, name: textOf(name) || 'tool' }, input ?? {})
      }
      for (const image of listOf(images)) answer.file(`data:image/png;base64,${textOf(image)}`)
      if (fields.done !== true) return
      answer.usage(usageOf(fields))
      answer.done(finishReasonOf(fields.done_reason) ?? 'stop')
    },
  }
}
