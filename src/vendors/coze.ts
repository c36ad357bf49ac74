import type { Answer } from './answer.js'
import { createCozeMessages } from './coze-messages.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { anyTextOf, fieldsOf, idOf, listOf, parsed, textOf, type Fields } from './fields.js'
import { usageOf } from './usage.js'

/**
 * 扣子 Coze, chat v3 and streamed workflows. Follow-up questions are parts of the type `data-follow-up`; what the app
 * has to do before it goes on is a tool call, or the part `data-required-action`.
 *
 * A chat is stopped by its ids. Ends with `done`, or with `conversation.chat.completed`.
 * @see https://docs.coze.cn/developer_guides/chat_v3
 */
export const coze = defineVendor({
  name: 'coze',
  title: 'Coze',
  end: 'done',
  owns: ({ type }) => /^conversation\.(chat|message|audio)\./.test(type),
  begin: readCoze,
})

function readCoze(answer: Answer): Reading {
  const messages = createCozeMessages(answer)
  let chatId = ''
  let conversationId = ''

  function chat({ id, conversation_id: conversation, usage, last_error: error }: Fields, status: string) {
    chatId = idOf(id) || chatId
    conversationId = idOf(conversation) || conversationId
    answer.tell({ conversationId, chatId })
    answer.usage(usageOf(usage))
    if (status === 'completed') answer.reason ??= 'stop'
    if (status === 'failed') answer.fail(fieldsOf(error).msg)
    if (/^cancell?ed$/.test(status)) answer.stopped()
  }

  /** The app has to run tools, or the user to answer, before it goes on: by another request. */
  function requireAction({ required_action: required }: Fields) {
    const { submit_tool_outputs: submit } = fieldsOf(required)
    for (const call of listOf(fieldsOf(submit).tool_calls)) {
      const { id, function: called } = fieldsOf(call)
      const { name, arguments: input } = fieldsOf(called)
      if (textOf(name) !== '')
        answer.tools.whole(
          { id: idOf(id), name: textOf(name) },
          typeof input === 'string' ? parsed(input) : input,
        )
    }
    answer.reason = answer.tools.waiting > 0 ? 'tool-calls' : 'interrupted'
    answer.data(
      'required-action',
      { chatId, conversationId, ...fieldsOf(required) },
      { id: 'required-action' },
    )
  }

  /** A workflow's own events, which begin with a capital. */
  function workflow(type: string, fields: Fields) {
    switch (type) {
      case 'Message': {
        const key = `${textOf(fields.node_title)} ${idOf(fields.node_id)}`
        answer.piece('text', fields.content, key)
        if (fields.node_is_finish === true) answer.end('text', key)
        return
      }
      case 'Interrupt':
        answer.data('human-input', fields, {
          id: idOf(fieldsOf(fields.interrupt_data).event_id) || 'interrupt',
        })
        answer.reason = 'interrupted'
        return
      case 'Error':
        return answer.fail(anyTextOf(fields.error_message, fields.msg))
      case 'Done':
        return answer.done(answer.reason ?? 'stop')
    }
  }

  return {
    read({ type, fields }) {
      const [, about, what = ''] = /^conversation\.(\w+)\.(\w+)$/.exec(type) ?? []
      if (about === 'chat') {
        chat(fields, what)
        if (what === 'requires_action') requireAction(fields)
      } else if (about === 'message') {
        chatId = idOf(fields.chat_id) || chatId
        conversationId = idOf(fields.conversation_id) || conversationId
        if (what === 'delta') messages.delta(fields)
        if (what === 'completed') messages.completed(fields)
      } else if (type === 'conversation.audio.delta')
        answer.data('audio', { data: fields.content }, { transient: true })
      else if (type === 'done') answer.done(answer.reason ?? 'stop')
      else workflow(type, fields)
    },

    stop({ url }) {
      const asked = /^(.*\/v3\/chat)\/?(?:[?#].*)?$/.exec(url)?.[1]
      if (!asked) return 'hang-up'
      if (chatId === '' || conversationId === '') return 'later'
      return {
        method: 'POST',
        url: `${asked}/cancel`,
        body: { chat_id: chatId, conversation_id: conversationId },
      }
    },
  }
}
