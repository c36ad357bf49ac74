import { computed, watch, type ComputedRef, type ShallowRef } from 'vue'
import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { Part } from '../messages/part.js'
import type { ChatMessage } from '../chat/chat-message.js'
import { ensureConversation, type ChatFinish } from '../chat/conversation.js'
import { fieldsOf } from '../vendors/fields.js'
import { createChannelId } from '../transports/channel-id.js'
import type { UseSSEChannelOptions } from '../run/channel-settings.js'
import { useChannel } from './use-channel.js'
import type { UseSSEChannelReturn } from './use-sse-channel.js'

export interface UseChatOptions extends Pick<
  UseSSEChannelOptions,
  'url' | 'headers' | 'source' | 'key' | 'decoder'
> {
  /** What was said before, as it was stored. Of a conversation with a key, its first user's counts. */
  readonly messages?: readonly ChatMessage[]
  /** Called when an answer has come to its end, whichever. */
  readonly onFinish?: (finish: ChatFinish) => void
  /** Called when an answer ends in an error, or a stop could not be told to the server. */
  readonly onError?: (error: ChannelError) => void
}

/** `ready`: a message can be sent. After an error one can be, too. */
export type ChatStatus = 'ready' | 'submitted' | 'streaming' | 'error'

/** A message to send: its text, or parts that the server understands. */
export type ChatInput = string | { readonly text: string } | { readonly parts: readonly Part[] }

export interface ChatRequest {
  /** More fields for the request's body: the model, a temperature. Those of the library win. */
  readonly body?: object
}

export interface UseChatReturn extends Pick<UseSSEChannelReturn, 'stop' | 'connection'> {
  /**
   * The conversation. Changes when a message comes or is complete; the answer that is being written, the last one, is an
   * object whose `parts` and `status` are read anew by whoever shows it. Plain JSON when stored.
   */
  readonly messages: Readonly<ShallowRef<readonly ChatMessage[]>>
  readonly status: ComputedRef<ChatStatus>
  readonly error: ComputedRef<ChannelError | undefined>
  /**
   * Adds a message and asks for its answer; resolves when that ends, with how.
   * @throws {ChannelError} RUN_ACTIVE, BAD_OPTIONS
   */
  sendMessage(message: ChatInput, request?: ChatRequest): Promise<Outcome>
  /**
   * Asks again: drops the newest answer, or that of `messageId`, and all that follows it.
   * @throws {ChannelError} RUN_ACTIVE, BAD_OPTIONS
   */
  regenerate(request?: ChatRequest & { readonly messageId?: string }): Promise<Outcome>
  /**
   * Reads an answer on that broke off, here or before the app was closed; never asks anew. `undefined`: there is none.
   * @throws {ChannelError} RUN_ACTIVE, while the channel runs for somebody else
   */
  resumeStream(): Promise<Outcome | undefined>
  /**
   * After an error: reads the answer on where it may still be going, else sends the same request again; where that is not
   * known any more, asks the newest question.
   * @throws {ChannelError} RUN_ACTIVE; BAD_OPTIONS, when there is no question
   */
  retry(): Promise<Outcome>
  /** Stops, and has these messages instead: `[]` for a new conversation. */
  setMessages(messages: readonly ChatMessage[]): void
  /** Takes the error as read: `status` is `ready` again. */
  clearError(): void
}

/**
 * A conversation: questions and answers over one channel. The body of a request is what the AI SDK sends: `id`,
 * `messages`, `trigger`, `messageId`. With a key it is shared by all pages that name it, and outlives them.
 * @throws {ChannelError} BAD_OPTIONS
 * @example const { messages, sendMessage, stop } = useChat({ url: 'https://api.example.com/chat' })
 */
export function useChat(options: UseChatOptions = {}): UseChatReturn {
  const { messages: initial = [], onFinish, onError, ...channelOptions } = options
  const channel = useChannel(channelOptions)
  const { messages, answering, finished, dismissed, send, regenerate, resume, retry, replace } =
    ensureConversation(channel, options.key ?? createChannelId(), initial)

  const error = computed(() => (channel.error.value === dismissed.value ? undefined : channel.error.value))
  const status = computed<ChatStatus>(() => {
    // Until the answer is complete nothing can be sent, even if the channel has ended.
    if (answering.value) return channel.status.value === 'submitted' ? 'submitted' : 'streaming'
    return error.value && channel.status.value === 'error' ? 'error' : 'ready'
  })

  watch(
    finished,
    (finish) => {
      if (!finish) return
      if (finish.outcome === 'error' && channel.error.value) onError?.(channel.error.value)
      onFinish?.(finish)
    },
    { flush: 'sync' },
  )
  watch(channel.error, (failure) => failure?.code === 'STOP_FAILED' && onError?.(failure), { flush: 'sync' })

  return {
    messages,
    status,
    error,
    connection: channel.connection,
    async sendMessage(message, { body = {} } = {}) {
      return send(partsOf(message), body)
    },
    async regenerate({ messageId, body = {} } = {}) {
      return regenerate(messageId, body)
    },
    resumeStream: resume,
    retry,
    stop: channel.stop,
    setMessages: replace,
    clearError() {
      dismissed.value = channel.error.value
    },
  }
}

function partsOf(message: ChatInput): readonly Part[] {
  const { text, parts } = fieldsOf(typeof message === 'string' ? { text: message } : message)
  if (typeof text === 'string' && text.trim() !== '') return [{ type: 'text', text, state: 'done' }]
  if (Array.isArray(parts) && parts.length > 0) return parts as readonly Part[]
  throw new ChannelError(
    'BAD_OPTIONS',
    'sendMessage() needs something to send: a text that is not empty, { text }, or { parts } with at least one.',
  )
}
