import type { Answer } from './answer.js'
import { failureWords } from './failure.js'
import { defineVendor, type Reading, type Said } from './define-vendor.js'
import { fieldsOf, idOf, listOf, parsed, textOf, type Fields } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { createOpenAICalls } from './openai-calls.js'
import { usageOf } from './usage.js'

/**
 * LangGraph's server (LangSmith Deployment), with the stream modes `messages` or `messages-tuple`, `values`, `updates`
 * and `custom`. The graph's state is the part `data-values`; an interrupt, `data-interrupt`; updates and custom data
 * are told and not kept.
 *
 * A run of a thread is stopped by its id. Its streams have no marker: ends when the connection is closed in order.
 * @see https://docs.langchain.com/langsmith/streaming
 */
export const langGraph = defineVendor({
  name: 'langgraph',
  title: 'LangGraph',
  end: 'a first event, and an orderly close',
  failures: 'own',
  owns: ({ type, fields: { run_id: run } }) => type === 'metadata' && typeof run === 'string',
  begin: readLangGraph,
})

function readLangGraph(answer: Answer): Reading {
  let runId = ''
  let isAlive = false
  /** Of each message, how much of its text is known: some modes send pieces, some the whole so far. */
  const texts = new Map<string, string>()
  const calls = new Map<string, ReturnType<typeof createOpenAICalls>>()

  function text(key: string, more: string) {
    texts.set(key, (texts.get(key) ?? '') + more)
    answer.piece('text', more, key)
  }

  /** @param isWhole the message as far as it is, not a piece of it */
  function message(fields: Fields, isWhole: boolean) {
    const kind = textOf(fields.type)
    const key = idOf(fields.id) || 'message'
    if (kind === 'tool') {
      const id = idOf(fields.tool_call_id)
      if (fields.status === 'error')
        return answer.tools.fail(id, textOf(fields.content) || 'The tool failed.')
      return answer.tools.output(
        id,
        typeof fields.content === 'string' ? parsed(fields.content) : fields.content,
      )
    }
    if (kind !== 'ai' && !kind.startsWith('AIMessage')) return
    const { reasoning_content: thought } = fieldsOf(fields.additional_kwargs)
    const words = contentOf(fields.content, 'text')
    if (!isWhole) {
      answer.piece('reasoning', textOf(thought) + contentOf(fields.content, 'thinking'), key)
      text(key, words)
      toolPieces(key, fields)
    } else if (words.startsWith(texts.get(key) ?? '')) text(key, words.slice((texts.get(key) ?? '').length))
    const { finish_reason: finish, stop_reason: stop } = fieldsOf(fields.response_metadata)
    const isDone = fields.chunk_position === 'last' || textOf(finish ?? stop) !== ''
    if (isWhole || isDone) {
      answer.end('reasoning', key)
      answer.end('text', key)
      for (const call of listOf(fields.tool_calls)) whole(fieldsOf(call))
    }
    const reason = finishReasonOf(finish ?? stop)
    if (reason && reason !== 'error') answer.reason = reason
    answer.usage(usageOf(fields.usage_metadata))
  }

  function toolPieces(key: string, fields: Fields) {
    const pieces = listOf(fields.tool_call_chunks)
    if (pieces.length === 0) return
    const ofMessage = calls.get(key) ?? createOpenAICalls(answer)
    calls.set(key, ofMessage)
    ofMessage.pieces(
      pieces.map((piece) => {
        const { index, id, name, args } = fieldsOf(piece)
        return { index: `${key} ${idOf(index)}`, id, function: { name, arguments: args } }
      }),
    )
  }

  function whole({ id, name, args }: Fields) {
    const own = idOf(id)
    if (own !== '' && !answer.tools.knows(own))
      answer.tools.whole({ id: own, name: textOf(name) || 'tool' }, args ?? {})
  }

  function interrupt(value: unknown) {
    if (listOf(value).length === 0) return
    answer.data('interrupt', value, { id: 'interrupt' })
    answer.reason = 'interrupted'
  }

  /** The state has all of the conversation: what follows the last question is this answer. */
  function values(fields: Fields) {
    interrupt(fields.__interrupt__)
    const messages = listOf(fields.messages).map(fieldsOf)
    const question = messages.map(({ type }) => type).lastIndexOf('human')
    for (const one of messages.slice(question + 1)) message(one, true)
    answer.data('values', fields, { id: 'values' })
  }

  function read({ type, fields, value }: Said) {
    isAlive = true
    // Of a subgraph: `messages|node:id`.
    const mode = type.replace(/\|.*$/, '')
    switch (mode) {
      case 'metadata':
        runId = idOf(fields.run_id) || runId
        return answer.tell({ runId, threadId: fields.thread_id })
      case 'messages':
      case 'messages-tuple':
        return message(fieldsOf(Array.isArray(value) ? value[0] : value), false)
      case 'messages/partial':
      case 'messages/complete':
        for (const one of listOf(value)) message(fieldsOf(one), true)
        return
      case 'values':
        return values(fields)
      case 'updates':
        interrupt(fields.__interrupt__)
        for (const node of Object.values(fields))
          for (const one of listOf(fieldsOf(node).messages)) message(fieldsOf(one), true)
        return answer.data('updates', value, { transient: true })
      case 'custom':
        return answer.data('custom', value, { transient: true })
      case 'message':
        // Not a stream at all, but a refusal.
        if (fields.detail !== undefined || fields.error !== undefined) answer.fail(failureWords(fields))
        return
    }
  }

  return {
    read,
    closed() {
      if (isAlive) answer.done(answer.reason ?? 'stop')
    },
    stop({ url }) {
      const thread = /^(.*\/threads\/[^/?#]+\/runs)\/stream\/?(?:[?#].*)?$/.exec(url)?.[1]
      if (!thread) return 'hang-up'
      return runId === '' ? 'later' : { method: 'POST', url: `${thread}/${encodeURIComponent(runId)}/cancel` }
    },
  }
}

/** The text, or the thinking, of a content that is a text or a list of blocks. */
function contentOf(content: unknown, kind: 'text' | 'thinking'): string {
  if (typeof content === 'string') return kind === 'text' ? content : ''
  return listOf(content)
    .map(fieldsOf)
    .map(({ type, text, thinking, reasoning }) => {
      if (kind === 'text') return type === 'text' ? textOf(text) : ''
      return type === 'thinking' || type === 'reasoning' ? textOf(thinking ?? reasoning) : ''
    })
    .join('')
}
