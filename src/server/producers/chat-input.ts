import { ChannelError } from '../../core/channel-error.js'

/** One message of a conversation, as models take it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** A conversation whose last message is the user's. */
export interface ChatInput {
  readonly messages: readonly ChatMessage[]
  /** The last message's text. */
  readonly prompt: string
}

const EXPECTED =
  'Send {"prompt": "…"} or {"messages": [{"role": "user", "parts": [{"type": "text", "text": "…"}]}]}, ' +
  'with a text that is not empty in the last message, the role of which is user.'

/** Whose word the messages are. */
export interface ReadChatInputOptions {
  /**
   * Whose messages are taken: of a `client` those of users and assistants; of your `own` servers `system` ones, too,
   * which tell the model what it may do. Default `client`.
   */
  readonly from?: 'client' | 'own'
}

const FROM_CLIENT = "Messages of the role system are the server's own: send those of user and assistant."

/**
 * Reads a request body: a prompt, or UI messages with `parts` or `content`. Parts that are no text are left out.
 * @throws {ChannelError} BAD_REQUEST, saying what to send; also for a `system` message of a client, wherever it stands
 */
export function readChatInput(body: unknown, { from = 'client' }: ReadChatInputOptions = {}): ChatInput {
  if (!isObject(body)) throw refuse()
  if (typeof body.prompt === 'string' && body.messages === undefined) {
    return asInput([{ role: 'user', content: body.prompt }])
  }
  if (!Array.isArray(body.messages) || body.prompt !== undefined) throw refuse()
  const messages = body.messages.map(readMessage)
  if (from === 'client' && messages.some(({ role }) => role === 'system'))
    throw new ChannelError('BAD_REQUEST', FROM_CLIENT)
  return asInput(messages.filter((message) => message.content !== ''))
}

function asInput(messages: readonly ChatMessage[]): ChatInput {
  const last = messages[messages.length - 1]
  if (last?.role !== 'user' || last.content.trim() === '') throw refuse()
  return { messages, prompt: last.content }
}

function readMessage(message: unknown): ChatMessage {
  if (!isObject(message)) throw refuse()
  const { role, parts, content } = message
  if (role !== 'system' && role !== 'user' && role !== 'assistant') throw refuse()
  if (typeof content === 'string' && parts === undefined) return { role, content }
  const list = parts ?? content
  if (!Array.isArray(list)) throw refuse()
  return { role, content: list.map(textOf).join('') }
}

function textOf(part: unknown): string {
  if (!isObject(part)) throw refuse()
  return part.type === 'text' && typeof part.text === 'string' ? part.text : ''
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refuse = () => new ChannelError('BAD_REQUEST', EXPECTED)
