import { readChatInput, type ChatInput } from 'uni-sse-channel/server'
import type { Language } from './demo-tool.js'

/** The user's word on a call. */
export interface Answered {
  readonly toolCallId: string
  readonly approvalId: string
  readonly approved: boolean
}

/** What a request of the chat wants: an answer, or that an answer goes on after the user's word. */
export type Turn =
  | { readonly kind: 'question'; readonly input: ChatInput; readonly language: Language }
  | {
      readonly kind: 'word'
      readonly messageId: string
      readonly answered: readonly Answered[]
      readonly language: Language
    }

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields =>
  (typeof value === 'object' && value !== null ? value : {}) as Fields
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** @throws {ChannelError} BAD_REQUEST, saying what to send */
export function readTurn(body: unknown): Turn {
  const messages = listOf(fieldsOf(body).messages).map(fieldsOf)
  const last = messages[messages.length - 1]
  if (last?.role === 'assistant') {
    const answered = listOf(last.parts)
      .map(answerOf)
      .filter((word) => word !== undefined)
    const { id } = last
    if (answered.length > 0 && typeof id === 'string')
      return { kind: 'word', messageId: id, answered, language: languageOf(JSON.stringify(messages[0])) }
  }
  const input = readChatInput(withNamesOfFiles(body))
  return { kind: 'question', input, language: languageOf(input.prompt) }
}

const languageOf = (text: string | undefined): Language => (/[\u4e00-\u9fff]/.test(text ?? '') ? 'zh' : 'en')

function answerOf(part: unknown): Answered | undefined {
  const { state, toolCallId, approval } = fieldsOf(part)
  const { id, approved } = fieldsOf(approval)
  if (state !== 'approval-responded' || typeof toolCallId !== 'string' || typeof id !== 'string')
    return undefined
  return { toolCallId, approvalId: id, approved: approved === true }
}

/** A question of files alone has no text: their names stand for it. */
function withNamesOfFiles(body: unknown): unknown {
  const { messages, ...rest } = fieldsOf(body)
  const all = listOf(messages)
  const last = fieldsOf(all[all.length - 1])
  const parts = listOf(last.parts).map(fieldsOf)
  const files = parts.filter(({ type }) => type === 'file')
  if (last.role !== 'user' || files.length === 0 || parts.some(({ type }) => type === 'text')) return body
  const names = files.map(({ filename, mediaType }) => String(filename ?? mediaType ?? 'file'))
  const said = { type: 'text', text: names.join(', ') }
  return { ...rest, messages: [...all.slice(0, -1), { ...last, parts: [...parts, said] }] }
}
