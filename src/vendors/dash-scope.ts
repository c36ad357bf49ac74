import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { anyTextOf, fieldsOf, firstOf, idOf, listOf, textOf, type Fields } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { addFoundSources } from './found-sources.js'
import { createGrowingText } from './growing-text.js'
import { createOpenAICalls } from './openai-calls.js'
import { usageOf } from './usage.js'

/**
 * 阿里云百炼 DashScope's own format, of models and of apps, with `incremental_output` and without. Its
 * OpenAI-compatible mode is `openAI`'s.
 *
 * Stopped by hanging up. Ends with a finish reason.
 * @see https://help.aliyun.com/zh/model-studio/stream
 */
export const dashScope = defineVendor({
  name: 'dashscope',
  title: 'DashScope',
  end: 'a finish_reason',
  owns: ({ fields: { output, request_id: request } }) =>
    typeof output === 'object' && output !== null && typeof request === 'string',
  begin: readDashScope,
})

function readDashScope(answer: Answer): Reading {
  answer.remember()
  const thinking = createGrowingText(answer, 'reasoning')
  const text = createGrowingText(answer, 'text')
  const calls = createOpenAICalls(answer)
  const inputs = new Map<string, string>()

  /** Models that see and hear answer with a list of pieces. */
  function content(value: unknown) {
    if (!Array.isArray(value)) return text.add(value)
    text.add(value.map((piece) => textOf(fieldsOf(piece).text)).join(''))
    for (const piece of value) answer.file(fieldsOf(piece).image ?? fieldsOf(piece).video, 'image')
  }

  /** What is new in the input of a call: it, too, comes in pieces or again and again. */
  function news(call: unknown): Fields {
    const { index, id, function: called, ...more } = fieldsOf(call)
    const { name, arguments: input } = fieldsOf(called)
    const key = idOf(index) || idOf(id)
    // Another call at the same place.
    const isAnother = idOf(id) !== '' && inputs.has(key) && inputs.get(`${key} id`) !== idOf(id)
    const before = isAnother ? '' : (inputs.get(key) ?? '')
    const isAgain = before.length > 1 && textOf(input).startsWith(before)
    const piece = isAgain ? textOf(input).slice(before.length) : textOf(input)
    inputs.set(key, before + piece)
    if (idOf(id) !== '') inputs.set(`${key} id`, idOf(id))
    return { ...more, index, id, function: { name, arguments: piece } }
  }

  return {
    read({ fields }) {
      const output = fieldsOf(fields.output)
      const choice = firstOf(output.choices)
      const message = fieldsOf(choice.message)
      answer.usage(usageOf(fields.usage))
      answer.tell({ sessionId: output.session_id })
      thinking.add(message.reasoning_content)
      for (const thought of listOf(output.thoughts))
        if (fieldsOf(thought).action_type === 'reasoning') thinking.add(fieldsOf(thought).thought)
      content(message.content ?? output.text)
      calls.pieces(listOf(message.tool_calls).map(news))
      addFoundSources(answer, output)
      for (const reference of listOf(output.doc_references)) {
        const { doc_id: id, doc_name: name, title, doc_url: url } = fieldsOf(reference)
        if (textOf(url) !== '') answer.source(url, anyTextOf(title, name))
        else answer.document(idOf(id), anyTextOf(title, name), name)
      }
      // While it goes on, the reason is the word "null".
      const reason = finishReasonOf(choice.finish_reason ?? output.finish_reason)
      if (reason === 'error') answer.fail('The model gave up.')
      else if (reason) answer.done(reason)
    },
  }
}
