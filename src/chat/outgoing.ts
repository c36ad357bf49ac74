import { ChannelError } from '../core/channel-error.js'
import type { FilePart, Part } from '../messages/part.js'
import { fieldsOf, listOf } from '../vendors/fields.js'
import type { AnyChatMessage, ChatMessage } from './chat-message.js'

/** A message to send: its text, files, or parts that the server understands. */
export type ChatInput<Message extends AnyChatMessage = ChatMessage> =
  | string
  | ({
      /** Replaces this question, which is kept as a branch, and asks anew. */
      readonly messageId?: string
      readonly metadata?: Message['metadata']
    } & (
      | { readonly text: string; readonly files?: readonly FilePart[]; readonly parts?: never }
      | { readonly text?: never; readonly files: readonly FilePart[]; readonly parts?: never }
      | {
          readonly text?: never
          readonly files?: never
          readonly parts: Message['parts']
          readonly id?: string
          readonly role?: ChatMessage['role']
        }
    ))

/** What is to be said, checked. */
export interface Outgoing {
  readonly parts: readonly Part[]
  readonly metadata: unknown
  readonly messageId: string | undefined
  readonly id: string | undefined
  readonly role: ChatMessage['role']
}

/** @throws {ChannelError} BAD_OPTIONS */
export function outgoingOf(input: unknown): Outgoing {
  const fields = fieldsOf(typeof input === 'string' ? { text: input } : input)
  const { text, files, parts, metadata, messageId, id, role } = fields
  if (files !== undefined && !(Array.isArray(files) && files.every(isFile)))
    throw new ChannelError(
      'BAD_OPTIONS',
      'files must be parts: { type: "file", mediaType, url }, where url may be a data URL. A FileList is none: read its files first.',
    )
  const said: Part[] = [...(listOf(files) as readonly FilePart[])]
  if (typeof text === 'string' && text.trim() !== '') said.push({ type: 'text', text, state: 'done' })
  if (Array.isArray(parts)) said.push(...(parts as readonly Part[]))
  if (said.length === 0)
    throw new ChannelError(
      'BAD_OPTIONS',
      'sendMessage() needs something to send: a text that is not empty, { text }, { files }, or { parts } with at least one.',
    )
  return {
    parts: said,
    metadata,
    messageId: typeof messageId === 'string' ? messageId : undefined,
    id: typeof id === 'string' ? id : undefined,
    role: role === 'system' || role === 'assistant' ? role : 'user',
  }
}

function isFile(file: unknown): boolean {
  const { url, mediaType } = fieldsOf(file)
  return typeof url === 'string' && typeof mediaType === 'string'
}
