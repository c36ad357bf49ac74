import { ChannelError } from '../core/channel-error.js'
import { isThenable } from '../platform/quietly.js'
import type { AnyChatMessage, ChatMessage } from './chat-message.js'
import type { RequestExtras } from './message-queue.js'
import type { Trigger } from './message-tree.js'

/** What the AI SDK's clients send. */
export interface ChatRequestBody {
  readonly id: string
  readonly messages: readonly ChatMessage[]
  readonly trigger: Trigger
  readonly messageId: string | undefined
  /** The key of the answer that is asked for. Told to `prepareRequest` only. */
  readonly answerId: string
}

/** Makes the request of another kind of server. At once: what it has to wait for, it must have before. */
export type PrepareRequest<Message extends AnyChatMessage = ChatMessage> = (
  request: Omit<ChatRequestBody, 'messages'> & {
    readonly messages: readonly Message[]
    /** The `body`, `metadata` and `headers` of the call. */
    readonly body: Readonly<Record<string, unknown>>
    readonly requestMetadata: unknown
    readonly headers: Readonly<Record<string, string>>
  },
) => { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

/** @throws {ChannelError} BAD_OPTIONS */
export function requestBody(
  { id, messages, trigger, messageId, answerId }: ChatRequestBody,
  { body = {}, metadata }: RequestExtras,
  headers: Readonly<Record<string, string>> = {},
  prepare?: PrepareRequest,
): { readonly input: unknown; readonly headers: Readonly<Record<string, string>> } {
  // Answers of which nothing came say nothing to a model.
  const wire = messages.filter(({ parts }) => parts.length > 0).map(toWire)
  if (!prepare) return { input: { ...body, id, messages: wire, trigger, messageId }, headers }
  const extras = { body: body as Readonly<Record<string, unknown>>, requestMetadata: metadata, headers }
  const prepared = prepare({ id, messages: wire, trigger, messageId, answerId, ...extras })
  if (isThenable(prepared) || typeof prepared !== 'object')
    throw new ChannelError(
      'BAD_OPTIONS',
      'prepareRequest must return { body, headers? }, at once: no promise.',
    )
  return { input: prepared.body, headers: prepared.headers ?? headers }
}

const toWire = ({ id, role, metadata, parts }: ChatMessage): ChatMessage => ({ id, role, metadata, parts })
