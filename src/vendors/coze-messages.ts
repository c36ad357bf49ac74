import type { Answer } from './answer.js'
import { anyTextOf, fieldsOf, idOf, listOf, parsed, textOf, type Fields } from './fields.js'

/** The messages of a chat. Each comes in pieces and then whole, or only whole; some are no answers. */
export function createCozeMessages(answer: Answer) {
  const said = new Map<string, string>()
  /** Calls whose results have not come: a result names no call, they come in order. */
  const calls: string[] = []

  const keyOf = (fields: Fields) => idOf(fields.id) || 'answer'

  function append(kind: 'text' | 'reasoning', key: string, delta: unknown) {
    if (textOf(delta) === '') return
    if (kind === 'text') answer.end('reasoning', key)
    said.set(`${kind} ${key}`, (said.get(`${kind} ${key}`) ?? '') + textOf(delta))
    answer.piece(kind, delta, key)
  }

  /** What the whole says and the pieces did not. */
  function rest(kind: 'text' | 'reasoning', key: string, whole: unknown) {
    const before = said.get(`${kind} ${key}`) ?? ''
    if (textOf(whole).startsWith(before)) append(kind, key, textOf(whole).slice(before.length))
  }

  function whole(fields: Fields) {
    const key = keyOf(fields)
    rest('reasoning', key, fields.reasoning_content)
    answer.end('reasoning', key)
    if (fields.content_type === 'object_string') objects(fields.content)
    else if (fields.content_type === 'card') answer.data('card', parsed(textOf(fields.content)), { id: key })
    else rest('text', key, fields.content)
    answer.end('text', key)
  }

  /** An answer made of several kinds of things. */
  function objects(content: unknown) {
    const list = parsed(textOf(content))
    if (!Array.isArray(list)) return answer.piece('text', content)
    for (const one of listOf(list)) {
      const { type, text, file_url: file, url } = fieldsOf(one)
      if (type === 'text') answer.piece('text', text)
      else answer.file(anyTextOf(file, url), textOf(type))
    }
  }

  function call(fields: Fields) {
    const content = fieldsOf(parsed(textOf(fields.content)))
    const { name, arguments: input } = content
    if (textOf(name) === '') return
    const id = keyOf(fields)
    calls.push(id)
    answer.tools.whole(
      { id, name: textOf(name), providerExecuted: true },
      typeof input === 'string' ? parsed(input) : (input ?? {}),
    )
  }

  return {
    delta(fields: Fields) {
      const key = keyOf(fields)
      append('reasoning', key, fields.reasoning_content)
      // Of what is told as objects or as a card, a piece is no text.
      const isText = fields.content_type !== 'object_string' && fields.content_type !== 'card'
      if (isAnswer(fields) && isText) append('text', key, fields.content)
    },

    completed(fields: Fields) {
      switch (fields.type) {
        case 'follow_up':
          return answer.data('follow-up', fields.content, { id: keyOf(fields) })
        case 'function_call':
          return call(fields)
        case 'tool_output':
        case 'tool_response': {
          const id = calls.shift()
          if (id !== undefined) answer.tools.output(id, parsed(textOf(fields.content)))
          return
        }
        default:
          if (isAnswer(fields)) whole(fields)
      }
    },
  }
}

const isAnswer = ({ type, role }: Fields) => type === 'answer' && role !== 'user'
