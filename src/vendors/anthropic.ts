import type { Citation, ProviderMetadata } from '../messages/chunk.js'
import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { fieldsOf, idOf, listOf, textOf, type Fields } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { usageOf } from './usage.js'

/**
 * Anthropic's Messages, and those who imitate them. Signatures and redacted thinking are in `providerMetadata`, as the
 * AI SDK has them, so that they can be sent back.
 *
 * Stopped by hanging up. Ends with `message_stop`.
 * @see https://docs.anthropic.com/en/api/messages-streaming
 */
export const anthropic = defineVendor({
  name: 'anthropic',
  title: 'Anthropic',
  end: 'message_stop',
  owns: ({ fields: { type, message } }) => type === 'message_start' && fieldsOf(message).type === 'message',
  begin: readMessages,
})

interface Block {
  readonly type: string
  /** Told where the call begins, when no pieces follow. */
  readonly input: unknown
  readonly toolId: string
  signature: string
  readonly citations: Citation[]
}

function readMessages(answer: Answer): Reading {
  const blocks = new Map<string, Block>()

  function begin(place: string, content: Fields) {
    const { type, id, name, input, text, thinking, signature, data } = content
    end(place)
    const block = { type: textOf(type), input, toolId: idOf(id), signature: textOf(signature), citations: [] }
    blocks.set(place, block)
    switch (block.type) {
      case 'text':
        answer.begin('text', place)
        answer.piece('text', text, place)
        return
      case 'thinking':
        answer.begin('reasoning', place)
        answer.piece('reasoning', thinking, place)
        return
      case 'redacted_thinking':
        return answer.begin('reasoning', place, { anthropic: { redactedData: textOf(data) } })
      case 'tool_use':
      case 'server_tool_use':
      case 'mcp_tool_use':
        return answer.tools.begin(place, {
          id: block.toolId,
          name: textOf(name),
          ...(block.type !== 'tool_use' && { providerExecuted: true }),
        })
      default:
        if (block.type.endsWith('_tool_result')) result(content)
    }
  }

  /** What came of a tool that Anthropic itself ran. */
  function result({ tool_use_id: id, content, is_error: isError }: Fields) {
    const { type, error_code: code } = fieldsOf(content)
    if (isError === true || textOf(type).endsWith('_error'))
      answer.tools.fail(idOf(id), textOf(code) || JSON.stringify(content))
    else answer.tools.output(idOf(id), content)
    for (const found of listOf(content)) {
      const { type: kind, url, title } = fieldsOf(found)
      if (kind === 'web_search_result') answer.source(url, title)
    }
  }

  function add(place: string, delta: Fields) {
    const block = blocks.get(place)
    switch (delta.type) {
      case 'input_json_delta':
        return answer.tools.append(place, textOf(delta.partial_json))
      case 'signature_delta':
        if (block) block.signature += textOf(delta.signature)
        return
      case 'citations_delta':
        return cite(block, fieldsOf(delta.citation))
      default:
        answer.piece('reasoning', delta.thinking, place)
        answer.piece('text', delta.text, place)
    }
  }

  function cite(block: Block | undefined, { url, title, document_title: name, cited_text: words }: Fields) {
    const citedText = textOf(words)
    if (typeof url === 'string' && url !== '') {
      answer.source(url, title)
      block?.citations.push({
        source: { type: 'source', sourceType: 'url', id: url, url, ...(textOf(title) && { title }) },
        ...(citedText && { citedText }),
      })
    } else if (textOf(name) !== '') {
      answer.document(textOf(name), name)
      block?.citations.push({
        source: {
          ...{ type: 'source', sourceType: 'document', id: name, title: name },
          mediaType: 'text/plain',
        },
        ...(citedText && { citedText }),
      })
    }
  }

  function end(place: string) {
    const block = blocks.get(place)
    if (!block) return
    blocks.delete(place)
    const { signature, citations } = block
    const providerMetadata: ProviderMetadata | undefined = signature
      ? { anthropic: { signature } }
      : undefined
    answer.end('text', place, citations.length > 0 ? { citations } : {})
    answer.end('reasoning', place, providerMetadata ? { providerMetadata } : {})
    const call = answer.tools.at(place)
    // Imitators that do not stream inputs give the whole of it at the begin, where Anthropic has an empty object.
    if (call) answer.tools.end(place, call.input === '' ? (block.input ?? {}) : undefined)
  }

  return {
    read({ fields }) {
      const place = idOf(fields.index) || '0'
      switch (fields.type) {
        case 'message_start': {
          const { id, model, usage } = fieldsOf(fields.message)
          answer.usage(usageOf(usage))
          return answer.tell({ responseId: id, model })
        }
        case 'content_block_start':
          return begin(place, fieldsOf(fields.content_block))
        case 'content_block_delta':
          return add(place, fieldsOf(fields.delta))
        case 'content_block_stop':
          return end(place)
        case 'message_delta': {
          answer.usage(usageOf(fields.usage))
          const reason = finishReasonOf(fieldsOf(fields.delta).stop_reason)
          if (reason) answer.reason = reason
          return
        }
        case 'message_stop':
          for (const open of [...blocks.keys()]) end(open)
          return answer.done()
      }
    },
    // A stop_reason proves nothing here: message_stop has to follow.
    closed() {
      answer.reason = undefined
    },
  }
}
