import { tryOnScopeDispose } from '@vueuse/core'
import { customRef, effectScope, isRef, shallowRef, toRef, toValue, watch, type Ref } from 'vue'
import type { AnyListeners } from '../chat/chat-listeners.js'
import type { AnyChatMessage, ChatMessage } from '../chat/chat-message.js'
import { outgoingOf } from '../chat/outgoing.js'
import { ChannelError } from '../core/channel-error.js'
import { createChannelId } from '../transports/create-channel-id.js'
import { injectChannelDefaults } from './channel-defaults.js'
import type { UseChatOptions } from './chat-options.js'
import type { ChatStatus, UseChatReturn } from './chat-return.js'
import { checkChatOptions } from './check-chat-options.js'
import { isSwitchable, openTalk, type Talk } from './open-talk.js'

/**
 * A conversation: questions and answers over one channel. The body of a request is what the AI SDK sends: `id`,
 * `messages`, `trigger`, `messageId`. With a key or a storage it is shared by all pages that name it, and outlives them.
 * @throws {ChannelError} BAD_OPTIONS
 * @example const { messages, sendMessage, stop } = useChat({ url: 'https://api.example.com/chat' })
 */
export function useChat<Message extends AnyChatMessage = ChatMessage>(
  options: UseChatOptions<Message> = {},
): UseChatReturn<Message> {
  checkChatOptions(options)
  const defaults = injectChannelDefaults()
  const ownId = options.key ?? createChannelId()
  const idOf = () => toValue(options.id) ?? ownId
  const scope = effectScope()
  const talks = new Map<string, Talk>()
  const { onFinish, onError, onData, onToolCall, sendAutomaticallyWhen } = options
  const listeners = { onFinish, onError, onData, onToolCall, sendAutomaticallyWhen } as AnyListeners

  function talkOf(id: string): Talk {
    const talk = talks.get(id) ?? scope.run(() => openTalk(id, options, defaults))
    if (!talk) throw new ChannelError('BAD_OPTIONS', 'useChat() was left already.')
    talks.set(id, talk)
    return talk
  }

  const current = shallowRef(talkOf(idOf()))
  let unlisten = current.value.conversation.listen(listeners)
  tryOnScopeDispose(() => unlisten())
  if (isSwitchable(options))
    watch(
      idOf,
      (id) => {
        unlisten()
        current.value = talkOf(id)
        unlisten = current.value.conversation.listen(listeners)
      },
      { flush: 'sync' },
    )
  if (isRef(options.messages) || typeof options.messages === 'function')
    watch(() => toValue(options.messages) ?? [], setMessages, { flush: 'sync' })

  const talk = () => current.value.conversation
  const errorOf = ({ channel, conversation }: Talk) =>
    conversation.storageError.value ??
    (channel.error.value === conversation.dismissed.value ? undefined : channel.error.value)

  function statusOf({ channel, conversation }: Talk): ChatStatus {
    // Until the answer is complete nothing can be sent, even if the channel has ended.
    if (conversation.isAnswering.value)
      return channel.status.value === 'submitted' ? 'submitted' : 'streaming'
    const isFailed = channel.error.value !== undefined && channel.error.value !== conversation.dismissed.value
    return isFailed && channel.status.value === 'error' ? 'error' : 'ready'
  }

  function setMessages(next: unknown) {
    const change =
      typeof next === 'function'
        ? (next as (now: readonly ChatMessage[]) => unknown)(talk().messages.value)
        : next
    if (!Array.isArray(change))
      throw new ChannelError(
        'BAD_OPTIONS',
        'setMessages() needs a list of messages, or a function that gives one.',
      )
    talk().replace(change as readonly ChatMessage[])
  }

  return {
    id: toRef(() => talk().id),
    messages: writable(
      () => talk().messages.value as readonly Message[],
      (next) => setMessages(next),
    ),
    queue: writable(
      () => talk().queue.value,
      (next) => talk().setQueue(next),
    ),
    status: toRef(() => statusOf(current.value)),
    error: toRef(() => errorOf(current.value)),
    connection: toRef(() => current.value.channel.connection.value),
    async sendMessage(message, request = {}) {
      return talk().send(outgoingOf(message), request)
    },
    async regenerate({ messageId, ...request } = {}) {
      return talk().regenerate(messageId, request)
    },
    resumeStream: async () => talk().resume(),
    retry: async () => talk().retry(),
    stop: async () => talk().stop(),
    async addToolOutput({ toolCallId, output, state, errorText, options: request = {} }) {
      if (state === 'output-error')
        return talk().answer({ kind: 'failure', toolCallId, errorText: errorText ?? '' }, request)
      return talk().answer({ kind: 'output', toolCallId, output }, request)
    },
    async addToolApprovalResponse({ id, approved, reason, options: request = {} }) {
      return talk().answer({ kind: 'approval', id, approved, reason }, request)
    },
    setMessages,
    branches: (messageId) => talk().branches(messageId),
    switchBranch: (messageId) => talk().switchBranch(messageId),
    clearError() {
      talk().dismissed.value = current.value.channel.error.value
      talk().storageError.value = undefined
    },
  }
}

/** No computed: that would stop with the page, and others may still hold it. */
function writable<T>(get: () => T, set: (value: T) => void): Ref<T> {
  return customRef(() => ({ get, set }))
}
