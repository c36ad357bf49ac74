import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { fieldsOf, idOf, listOf, textOf, type Fields } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { addFoundSources } from './found-sources.js'
import { createOpenAICalls } from './openai-calls.js'
import { usageOf } from './usage.js'

/**
 * 百度千帆: the models of V1 (文心), and the apps of AppBuilder. V2 is `openAI`'s.
 *
 * Stopped by hanging up. Ends with `is_end`, an app with `is_completion`.
 * @see https://cloud.baidu.com/doc/qianfan-api/s/3m7of64lb
 * @see https://cloud.baidu.com/doc/AppBuilder/s/klv2eywua
 */
export const qianfan = defineVendor({
  name: 'qianfan',
  title: '千帆',
  end: 'is_end or is_completion',
  owns: ({ fields: { is_end: isEnd, result, is_completion: isCompletion, answer } }) =>
    (typeof isEnd === 'boolean' && typeof result === 'string') ||
    (typeof isCompletion === 'boolean' && typeof answer === 'string'),
  begin: readQianfan,
})

function readQianfan(answer: Answer): Reading {
  const calls = createOpenAICalls(answer)

  function model(fields: Fields) {
    const reason = finishReasonOf(fields.finish_reason)
    answer.piece('reasoning', fields.reasoning_content)
    answer.piece('text', fields.result)
    calls.legacy(fields.function_call)
    addFoundSources(answer, fields)
    if (fields.is_truncated === true) answer.reason = 'length'
    else if (reason) answer.reason = reason
    // The user's words or the answer are not allowed: what is told instead is the result.
    if (fields.need_clear_history === true) answer.reason = 'content-filter'
    if (fields.is_end === true) answer.done(answer.reason ?? 'stop')
  }

  /** One step of an app: what it says is in `answer`, what else it does in `content`. */
  function app(fields: Fields) {
    answer.tell({ conversationId: fields.conversation_id, messageId: fields.message_id })
    for (const one of listOf(fields.content)) step(fieldsOf(one))
    answer.piece('text', fields.answer)
    if (fields.is_completion === true) answer.done(answer.reason ?? 'stop')
  }

  function step({
    event_code: code,
    event_message: message,
    event_type: kind,
    event_status: status,
    content_type: type,
    outputs,
    usage,
  }: Fields) {
    if (typeof code === 'number' && code !== 0) return answer.fail(message)
    answer.usage(usageOf(usage))
    const { references, text, url, urls } = fieldsOf(outputs)
    for (const reference of listOf(references)) {
      const { url: address, title, id } = fieldsOf(reference)
      if (textOf(address) !== '') answer.source(address, title)
      else answer.document(idOf(id), title)
    }
    if (type === 'image' || type === 'files' || type === 'audio')
      for (const address of [url, ...listOf(urls)]) answer.file(address, textOf(type))
    if (type === 'status' || status === 'running' || typeof text === 'object')
      answer.data('node', { event: kind, status, outputs }, { transient: true })
    if (status === 'interrupt') answer.reason = 'interrupted'
  }

  return {
    read({ fields }) {
      if (fields.is_completion !== undefined || Array.isArray(fields.content)) app(fields)
      else model(fields)
    },
    // A finish_reason comes with the last event or not at all; is_end is the end.
    closed() {
      answer.reason = undefined
    },
  }
}
