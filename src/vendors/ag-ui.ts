import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { anyTextOf, fieldsOf, idOf, listOf, parsed, textOf, type Fields } from './fields.js'

/**
 * AG-UI, the protocol of agents built with CopilotKit, Mastra, Pydantic AI, 百炼 and others. The state of the agent is
 * the part `data-state`; what an interrupted run waits for, `data-interrupt`.
 *
 * Stopped by hanging up. Ends with `RUN_FINISHED`.
 * @see https://docs.ag-ui.com/concepts/events
 */
export const agUi = defineVendor({
  name: 'ag-ui',
  title: 'The agent',
  end: 'RUN_FINISHED',
  failures: 'own',
  owns: ({ fields: { type, runId } }) => type === 'RUN_STARTED' && typeof runId === 'string',
  begin: readAgUi,
})

function readAgUi(answer: Answer): Reading {
  /** Of chunks that leave out the id: it is that of the chunk before. */
  let messageId = ''
  let callId = ''
  let isStep = false
  const texts = new Set<string>()

  /** All of the conversation: for agents that send nothing else, what follows the last question is the answer. */
  function snapshot(messages: readonly Fields[]) {
    const question = messages.map(({ role }) => role).lastIndexOf('user')
    for (const { id, role, content } of messages.slice(question + 1)) {
      if (role !== 'assistant' || texts.has(idOf(id))) continue
      texts.add(idOf(id))
      answer.piece('text', content, idOf(id))
      answer.end('text', idOf(id))
    }
  }

  function reasoning(type: string, { messageId: id, delta, encryptedValue }: Fields) {
    const key = idOf(id) || 'reasoning'
    if (/_(CONTENT|CHUNK)$/.test(type)) answer.piece('reasoning', delta, key)
    else if (/MESSAGE_END$/.test(type) || type === 'REASONING_END' || type === 'THINKING_END')
      answer.end('reasoning', key)
    else if (type === 'REASONING_ENCRYPTED_VALUE') {
      answer.begin('reasoning', `${key} sealed`, { agUi: { encryptedValue } })
      answer.end('reasoning', `${key} sealed`)
    }
  }

  function call(type: string, fields: Fields) {
    callId = idOf(fields.toolCallId) || callId
    const { toolCallName: name, delta } = fields
    switch (type) {
      case 'TOOL_CALL_START':
        return answer.tools.begin(callId, { id: callId, name: textOf(name) })
      case 'TOOL_CALL_CHUNK':
        if (!answer.tools.at(callId)) answer.tools.begin(callId, { id: callId, name: textOf(name) })
        return answer.tools.append(callId, textOf(delta))
      case 'TOOL_CALL_ARGS':
        return answer.tools.append(callId, textOf(delta))
      case 'TOOL_CALL_END':
        return answer.tools.end(callId)
      case 'TOOL_CALL_RESULT':
        answer.tools.end(callId)
        return answer.tools.output(callId, parsed(textOf(fields.content)))
    }
  }

  function step(type: string) {
    if (isStep) answer.put({ type: 'finish-step' })
    isStep = type === 'STEP_STARTED'
    if (isStep) answer.put({ type: 'start-step' })
  }

  function finished({ outcome, interrupt, result }: Fields) {
    if (isStep) step('STEP_FINISHED')
    const { type, interrupts } = fieldsOf(outcome)
    if (outcome === 'interrupt' || type === 'interrupt') {
      answer.data('interrupt', interrupt ?? interrupts ?? {}, { id: 'interrupt' })
      return answer.done('interrupted')
    }
    if (result !== undefined && result !== null) answer.data('result', result, { id: 'result' })
    answer.done('stop')
  }

  return {
    read({ fields }) {
      const type = textOf(fields.type)
      if (/^(REASONING|THINKING)_/.test(type)) return reasoning(type, fields)
      if (type.startsWith('TOOL_CALL_')) return call(type, fields)
      switch (type) {
        case 'RUN_STARTED':
          return answer.tell({ threadId: fields.threadId, runId: fields.runId })
        case 'RUN_FINISHED':
          return finished(fields)
        case 'RUN_ERROR':
          return answer.fail(anyTextOf(fields.message, fields.code))
        case 'STEP_STARTED':
        case 'STEP_FINISHED':
          return step(type)
        case 'TEXT_MESSAGE_START':
        case 'TEXT_MESSAGE_CONTENT':
        case 'TEXT_MESSAGE_CHUNK':
          messageId = idOf(fields.messageId) || messageId
          texts.add(messageId)
          return answer.piece('text', fields.delta, messageId || 'text')
        case 'TEXT_MESSAGE_END':
          return answer.end('text', idOf(fields.messageId) || messageId || 'text')
        case 'MESSAGES_SNAPSHOT':
          return snapshot(listOf(fields.messages).map(fieldsOf))
        case 'STATE_SNAPSHOT':
          return answer.data('state', fields.snapshot, { id: 'state' })
        case 'STATE_DELTA':
          return answer.data('state-delta', fields.delta, { transient: true })
        case 'ACTIVITY_SNAPSHOT':
          return answer.data('activity', fields, { id: idOf(fields.messageId) || 'activity' })
        case 'ACTIVITY_DELTA':
          return answer.data('activity-delta', fields, { transient: true })
        case 'CUSTOM':
          return answer.data('custom', { name: fields.name, value: fields.value })
      }
    },
  }
}
