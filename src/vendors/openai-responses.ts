import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { anyTextOf, fieldsOf, idOf, listOf, textOf, type Fields } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { addFoundSources } from './found-sources.js'
import { usageOf } from './usage.js'

/**
 * OpenAI's Responses, and those who imitate them. Item ids and encrypted thinking are in `providerMetadata`, as the AI
 * SDK has them, so that they can be sent back.
 *
 * Stopped by hanging up; one that runs in the background, by its id. Ends with `response.completed` or
 * `response.incomplete`.
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 */
export const openAIResponses = defineVendor({
  name: 'openai-responses',
  title: 'The model',
  end: 'response.completed',
  owns: ({ fields: { type, response } }) =>
    typeof type === 'string' &&
    /^response\.(created|queued|in_progress)$/.test(type) &&
    fieldsOf(response).object === 'response',
  begin: readResponses,
})

/** Tools that OpenAI runs itself: `web_search_call`, `code_interpreter_call`. */
const ownTool = /^(?!function|custom|computer|local_shell)(\w+)_call$/

function readResponses(answer: Answer): Reading {
  const itemsDone = new Set<string>()
  let responseId = ''
  let isRefused = false
  /** Texts told in pieces, by their place. */
  const said = new Set<string>()

  const placeOf = ({ output_index: output, content_index: content, summary_index: summary }: Fields) =>
    [output, content ?? summary ?? 0].map(idOf).join('.')

  function piece(kind: 'text' | 'reasoning', fields: Fields, delta: unknown) {
    const place = placeOf(fields)
    if (textOf(delta) !== '') said.add(`${kind} ${place}`)
    answer.piece(kind, delta, place)
  }

  /** The whole, for those who send nothing else. */
  function whole(kind: 'text' | 'reasoning', fields: Fields, text: unknown) {
    if (!said.has(`${kind} ${placeOf(fields)}`)) piece(kind, fields, text)
    answer.end(kind, placeOf(fields))
  }

  function added({ output_index: index, item }: Fields) {
    const { type, id, call_id: call, name } = fieldsOf(item)
    const kind = textOf(type)
    if (kind === 'function_call' || kind === 'custom_tool_call')
      return answer.tools.begin(idOf(index), { id: idOf(call) || idOf(id), name: textOf(name) })
    const own = kind === 'mcp_call' ? textOf(name) : ownTool.exec(kind)?.[1]
    if (own) answer.tools.begin(idOf(index), { id: idOf(id), name: own, providerExecuted: true })
  }

  function itemDone(fields: Fields) {
    const { output_index: index, item } = fields
    const {
      type,
      id,
      arguments: input,
      input: text,
      encrypted_content: encrypted,
      summary,
      content,
    } = fieldsOf(item)
    const place = idOf(index)
    itemsDone.add(place)
    const metadata = { providerMetadata: { openai: { itemId: idOf(id) } } }
    if (type === 'message')
      listOf(content).forEach((part, at) => {
        const { text: words, refusal } = fieldsOf(part)
        whole('text', { ...fields, content_index: at }, anyTextOf(words, refusal))
      })
    else if (type === 'reasoning') {
      listOf(summary).forEach((part, at) =>
        whole('reasoning', { ...fields, content_index: undefined, summary_index: at }, fieldsOf(part).text),
      )
      if (textOf(encrypted) !== '') {
        const providerMetadata = {
          openai: { itemId: idOf(id), reasoningEncryptedContent: textOf(encrypted) },
        }
        answer.begin('reasoning', `${place} sealed`, providerMetadata)
        answer.end('reasoning', `${place} sealed`)
      }
    } else if (answer.tools.at(place)) callDone(place, fieldsOf(item), input ?? text, metadata)
    else if (type === 'image_generation_call') picture(fieldsOf(item))
  }

  function callDone(
    place: string,
    item: Fields,
    input: unknown,
    { providerMetadata }: { providerMetadata: { openai: Fields } },
  ) {
    const call = answer.tools.at(place)
    if (!call) return
    if (item.type === 'custom_tool_call') return answer.tools.end(place, textOf(input), providerMetadata)
    if (call.input === '' && textOf(input) !== '') answer.tools.append(place, textOf(input))
    if (item.type === 'function_call') return answer.tools.end(place, undefined, providerMetadata)
    const { id, type, status, action, queries, code, output, outputs, results, error, result, ...more } = item
    answer.tools.end(place, call.input === '' ? (action ?? queries ?? code ?? undefined) : undefined)
    if (error || status === 'failed')
      return answer.tools.fail(call.id, anyTextOf(error, fieldsOf(error).message, status))
    answer.tools.output(
      call.id,
      output ?? outputs ?? results ?? { status, ...(typeof result === 'string' ? {} : more) },
    )
    if (type === 'image_generation_call') picture(item)
    void id
  }

  function picture({ result, output_format: format }: Fields) {
    const type = `image/${textOf(format) || 'png'}`
    if (textOf(result) !== '') answer.file(`data:${type};base64,${textOf(result)}`, type)
  }

  function finished(response: Fields, type: string) {
    answer.usage(usageOf(response.usage))
    // For those who send nothing but the whole.
    listOf(response.output).forEach((item, index) => {
      if (itemsDone.has(String(index))) return
      added({ output_index: index, item })
      itemDone({ output_index: index, item })
    })
    const { reason } = fieldsOf(response.incomplete_details)
    if (type === 'failed')
      return answer.fail(anyTextOf(fieldsOf(response.error).message, 'The response failed.'))
    if (/^cancell?ed$/.test(type)) return answer.stopped()
    if (type === 'incomplete') return answer.done(finishReasonOf(reason) ?? 'other')
    answer.done(isRefused ? 'content-filter' : 'stop')
  }

  return {
    read({ fields }) {
      const type = textOf(fields.type)
      const response = fieldsOf(fields.response)
      responseId = idOf(response.id) || responseId
      answer.tell({ responseId })
      switch (type) {
        case 'response.output_text.delta':
          return piece('text', fields, fields.delta)
        case 'response.refusal.delta':
          isRefused = true
          return piece('text', fields, fields.delta)
        case 'response.output_text.done':
          return whole('text', fields, fields.text)
        case 'response.refusal.done':
          isRefused = true
          return whole('text', fields, fields.refusal)
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          return piece('reasoning', fields, fields.delta)
        case 'response.reasoning_summary_text.done':
        case 'response.reasoning_text.done':
          return whole('reasoning', fields, fields.text)
        case 'response.output_text.annotation.added':
          return addFoundSources(answer, { annotations: [fields.annotation] })
        case 'response.output_item.added':
          return added(fields)
        case 'response.function_call_arguments.delta':
        case 'response.mcp_call_arguments.delta':
        case 'response.custom_tool_call_input.delta':
        case 'response.code_interpreter_call_code.delta':
          if (type.includes('arguments')) answer.tools.append(idOf(fields.output_index), textOf(fields.delta))
          return
        case 'response.output_item.done':
          return itemDone(fields)
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
        case 'response.cancelled':
          return finished(response, type.slice('response.'.length))
        case 'error':
          return answer.fail(anyTextOf(fields.message, fieldsOf(fields.error).message))
      }
    },

    stop({ url, body }) {
      if (body.background !== true) return 'hang-up'
      if (responseId === '') return 'later'
      const asked = url.replace(/[?#].*$/, '').replace(/\/+$/, '')
      return { method: 'POST', url: `${asked}/${encodeURIComponent(responseId)}/cancel` }
    },
  }
}
