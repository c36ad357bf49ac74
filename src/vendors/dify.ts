import type { Answer } from './answer.js'
import { defineVendor, type Reading, type Said } from './define-vendor.js'
import { addDifyFiles, addOutputs } from './dify-outputs.js'
import { fieldsOf, idOf, listOf, parsed, textOf, type Fields } from './fields.js'
import { stopTask } from './stop-task.js'
import { usageOf } from './usage.js'

/**
 * Dify's chat, agent, completion and workflow apps. A form that a person has to fill in is the part
 * `data-human-input`; what a workflow gave is the part `data-outputs`; the steps of its nodes are told as
 * `data-node` and not kept.
 *
 * Stopped by its task. Ends with `message_end`, a workflow with `workflow_finished`.
 * @see https://docs.dify.ai/en/api-reference/guides/streaming
 */
export const dify = defineVendor({
  name: 'dify',
  title: 'Dify',
  end: 'message_end or workflow_finished',
  owns: ({ fields: { event, task_id: task } }: Said) => typeof event === 'string' && typeof task === 'string',
  begin: readDify,
})

function readDify(answer: Answer): Reading {
  answer.remember()
  const filesTold = new Set<string>()
  let text = ''
  let agentText = ''
  let reasoner = ''
  let taskId = ''
  let outputs: Fields = {}

  function append(piece: unknown) {
    text += textOf(piece)
    answer.piece('text', piece)
  }

  function replace(by: unknown) {
    if (by === text) return
    text = textOf(by)
    answer.rewrite('text', text)
  }

  /** An agent's message, said in pieces, comes once more as a whole. */
  function whole(said: string) {
    if (agentText === '' || said === '') return append(said)
    if (said.startsWith(text)) return append(said.slice(text.length))
    if (said !== agentText && said.trim() !== text.trim()) append(said)
  }

  function think({ reasoning, node_id: node, is_final: isFinal }: Fields) {
    // Two nodes think in two parts.
    if (idOf(node) !== reasoner) answer.end('reasoning', '')
    reasoner = idOf(node)
    answer.piece('reasoning', reasoning)
    if (isFinal === true) answer.end('reasoning', '')
  }

  function finished(fields: Fields) {
    const { status, error, outputs: given, files } = fieldsOf(fields.data)
    if (status === 'failed') return answer.fail(error)
    if (status === 'stopped') return answer.stopped()
    outputs = fieldsOf(given)
    addDifyFiles(answer, files, filesTold)
    // Inside a chat the message's own end follows.
    if (fields.message_id !== undefined || fields.conversation_id !== undefined) return
    addOutputs(answer, outputs, text !== '', filesTold)
    answer.done('stop')
  }

  /** Somebody has to fill in a form before it goes on. */
  function ask(fields: Fields) {
    const form = fieldsOf(fields.data)
    const id = idOf(form.form_id) || idOf(form.node_id) || 'form'
    const run = { task_id: fields.task_id, workflow_run_id: fields.workflow_run_id }
    answer.data('human-input', { ...run, ...form }, { id })
    answer.reason = 'interrupted'
  }

  function ended({ metadata, files }: Fields) {
    const { usage, retriever_resources: resources } = fieldsOf(metadata)
    answer.usage(usageOf(usage))
    for (const resource of listOf(resources)) {
      const { document_id: id, document_name: name, segment_id: segment } = fieldsOf(resource)
      answer.document(idOf(segment) || idOf(id), name, name)
    }
    addDifyFiles(answer, files, filesTold)
    if (text === '') append(outputs.answer)
    answer.done(answer.reason ?? 'stop')
  }

  function read({ fields }: Said) {
    const data = fieldsOf(fields.data)
    const { task_id, message_id, conversation_id, workflow_run_id } = fields
    taskId = textOf(task_id) || taskId
    answer.tell({
      conversationId: conversation_id,
      messageId: message_id,
      taskId: task_id,
      workflowRunId: workflow_run_id,
    })
    switch (fields.event) {
      case 'message':
        return whole(textOf(fields.answer))
      case 'agent_message':
        agentText += textOf(fields.answer)
        return append(fields.answer)
      case 'text_chunk':
        return append(data.text)
      case 'reasoning_chunk':
        return think(data)
      // Moderation takes an answer back: the one case in which shown text must go.
      case 'message_replace':
        return replace(fields.answer)
      case 'text_replace':
        return replace(data.text)
      case 'agent_thought':
        return toolOf(answer, fields)
      case 'message_file':
        if (fields.belongs_to !== 'user') addDifyFiles(answer, [fields], filesTold)
        return
      case 'tts_message':
        if (textOf(fields.audio) !== '') answer.data('audio', { data: fields.audio }, { transient: true })
        return
      case 'human_input_required':
        return ask(fields)
      case 'human_input_form_filled':
      case 'human_input_form_timeout':
        answer.reason = undefined
        return node(answer, fields)
      // It goes on by another request, or, where that was asked for, in this stream: its end is the connection's.
      case 'workflow_paused':
        answer.data('workflow-paused', { task_id, workflow_run_id, ...data }, { id: 'workflow-paused' })
        answer.reason = 'interrupted'
        return
      case 'workflow_finished':
        return finished(fields)
      case 'message_end':
        return ended(fields)
      case 'error':
        return answer.fail(fields.message)
      case 'ping':
      case 'tts_message_end':
        return
      default:
        if (typeof fields.event === 'string' && fields.data !== undefined) node(answer, fields)
    }
  }

  return {
    read,
    stop: (asked) => stopTask(asked, taskId),
  }
}

/** What a node of the workflow does, for a page that shows progress. */
function node(answer: Answer, { event, data }: Fields) {
  answer.data('node', { event, ...fieldsOf(data) }, { transient: true })
}

/** A thought with tools in it; several are told in one, separated by semicolons. Without, the answer repeats it. */
function toolOf(answer: Answer, { id, tool, tool_input: input, observation }: Fields) {
  const names = textOf(tool).split(';').filter(Boolean)
  const inputs = parsed(textOf(input))
  const outputs = parsed(textOf(observation))
  const own = (all: unknown, name: string) => (names.length > 1 ? (fieldsOf(all)[name] ?? all) : all)
  names.forEach((name, index) => {
    const callId = names.length > 1 ? `${idOf(id)}-${index + 1}` : idOf(id)
    const head = { id: callId, name, providerExecuted: true }
    if (textOf(input) === '' && textOf(observation) === '') return answer.tools.begin(callId, head)
    if (answer.tools.at(callId)) answer.tools.end(callId, own(inputs, name))
    else answer.tools.whole(head, own(inputs, name))
    if (textOf(observation) !== '') answer.tools.output(callId, own(outputs, name))
  })
}
