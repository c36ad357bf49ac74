import { tryOnScopeDispose } from '@vueuse/core'
import {
  customRef,
  effectScope,
  isRef,
  shallowRef,
  toRef,
  toValue,
  watch,
  type MaybeRefOrGetter,
  type Ref,
} from 'vue'
import type { AnyListeners, ChatListeners } from '../chat/chat-listeners.js'
import type { AnyChatMessage, ChatMessage } from '../chat/chat-message.js'
import {
  ensureConversation,
  type Branches,
  type CallOptions,
  type Conversation,
  type WhenBusy,
} from '../chat/conversation.js'
import type { QueuedMessage } from '../chat/message-queue.js'
import { outgoingOf, type ChatInput } from '../chat/outgoing.js'
import type { PrepareRequest } from '../chat/request-body.js'
import type { ChatStorage } from '../chat/storage/chat-storage.js'
import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import { isThenable } from '../platform/quietly.js'
import type { Channel } from '../run/channel.js'
import type { UseSSEChannelOptions } from '../run/channel-settings.js'
import { createChannelId } from '../transports/channel-id.js'
import { injectChannelDefaults } from './channel-defaults.js'
import { checkChatOptions } from './check-chat-options.js'
import { isServerRendering } from './server-rendering.js'
import { useChannel } from './use-channel.js'
import type { UseSSEChannelReturn } from './use-sse-channel.js'

/** What `useChat()` takes besides what `useSSEChannel()` takes. */
export interface UseChatOptions<Message extends AnyChatMessage = ChatMessage>
  extends UseSSEChannelOptions, ChatListeners<Message> {
  /**
   * Which conversation this is: sent with each request, and the name under which it is stored. Another id shows another
   * conversation. Default: the key; without one, random.
   */
  readonly id?: MaybeRefOrGetter<string>
  /** What was said before. A ref or getter that gives another list replaces the conversation. */
  readonly messages?: MaybeRefOrGetter<readonly Message[]>
  /**
   * Where the conversation is kept: `uniStorage()`. It is shown as it was at the next launch, and an answer that was
   * being written is read on. Needs an `id` or a `key`.
   */
  readonly storage?: ChatStorage
  /** Ids of messages. Default: 24 random characters. */
  readonly generateId?: () => string
  /** The request of another kind of server: gives `{ body, headers? }`. Default: what the AI SDK sends. */
  readonly prepareRequest?: PrepareRequest<Message>
  /**
   * A message that is sent while an answer is being written is refused (RUN_ACTIVE), waits for its turn, or takes the
   * answer's place. Default `refuse`.
   */
  readonly whenBusy?: WhenBusy
}

/** `ready`: a message can be sent. After an error one can be, too. */
export type ChatStatus = 'ready' | 'submitted' | 'streaming' | 'error'

/** What goes with one request: fields of its body, headers, and `metadata` for `prepareRequest`. */
export type ChatRequest = CallOptions

type ToolPartOf<Message extends AnyChatMessage> = Extract<
  Message['parts'][number],
  { readonly type: `tool-${string}`; readonly state: 'output-available' }
>

type ToolOutputOf<P> = P extends { readonly type: `tool-${infer Name}`; readonly output: infer Output }
  ? {
      readonly tool: Name
      readonly toolCallId: string
      readonly options?: ChatRequest
    } & (
      | { readonly state?: 'output-available'; readonly output: Output; readonly errorText?: never }
      | { readonly state: 'output-error'; readonly errorText: string; readonly output?: never }
    )
  : never

/** The result of a tool that the page has run. */
export type ToolOutput<Message extends AnyChatMessage = ChatMessage> = ToolOutputOf<ToolPartOf<Message>>

/** The user's answer to the question whether a tool may be run. */
export interface ToolApprovalResponse {
  /** Of the part: `part.approval.id`. */
  readonly id: string
  readonly approved: boolean
  readonly reason?: string
  readonly options?: ChatRequest
}

/** What `useChat()` gives: a conversation, and what can be done with it. */
export interface UseChatReturn<Message extends AnyChatMessage = ChatMessage> extends Pick<
  UseSSEChannelReturn,
  'connection'
> {
  readonly id: Readonly<Ref<string>>
  /**
   * The conversation. Changes when a message comes or is complete; the answer that is being written, the last one, is an
   * object whose `parts` and `status` are read anew by whoever shows it. Plain JSON when stored. Setting it is
   * `setMessages()`.
   */
  messages: Ref<readonly Message[]>
  readonly status: Readonly<Ref<ChatStatus>>
  readonly error: Readonly<Ref<ChannelError | undefined>>
  /** Messages that wait for their turn, with `whenBusy: 'queue'`. Setting it changes, reorders or drops them. */
  queue: Ref<readonly QueuedMessage[]>
  /**
   * Adds a message and asks for its answer; resolves when that ends, with how. With `messageId` it takes the place of
   * that question: the former one is kept as a branch.
   * @throws {ChannelError} RUN_ACTIVE, BAD_OPTIONS
   */
  sendMessage(message: ChatInput<Message>, request?: ChatRequest): Promise<Outcome>
  /**
   * Asks again for the newest answer, or that of `messageId`. The former one is kept as a branch.
   * @throws {ChannelError} RUN_ACTIVE, BAD_OPTIONS
   */
  regenerate(request?: ChatRequest & { readonly messageId?: string }): Promise<Outcome>
  /**
   * Reads an answer on that broke off, here or before the app was closed; never asks anew what has left. `undefined`:
   * there is none.
   * @throws {ChannelError} RUN_ACTIVE, while the channel runs for somebody else
   */
  resumeStream(): Promise<Outcome | undefined>
  /**
   * After an error: reads the answer on where it may still be going, else sends the same request again; where that is not
   * known any more, asks the newest question.
   * @throws {ChannelError} RUN_ACTIVE; BAD_OPTIONS, when there is no question; NOTHING_TO_RESUME, when the newest answer
   * is complete
   */
  retry(): Promise<Outcome>
  /** Keeps what came, and ends the model. Messages that wait go on waiting until the next one is sent. */
  stop(): Promise<void>
  /**
   * Gives the result of a tool that the page has run, or why it failed.
   * @see ChatListeners.sendAutomaticallyWhen
   */
  addToolOutput(output: ToolOutput<Message>): Promise<void>
  /** Says whether a tool may be run. */
  addToolApprovalResponse(response: ToolApprovalResponse): Promise<void>
  /** Stops, and has these messages instead: `[]` for a new conversation. A function is given those that are there. */
  setMessages(messages: readonly Message[] | ((messages: readonly Message[]) => readonly Message[])): void
  /**
   * The messages that stand in one place: an edited question and its former versions, an answer and those before it.
   * @throws {ChannelError} BAD_OPTIONS: no such message
   */
  branches(messageId: string): Branches
  /**
   * Shows this message and what followed it.
   * @throws {ChannelError} RUN_ACTIVE, BAD_OPTIONS
   */
  switchBranch(messageId: string): void
  /** Takes the error as read: `status` is `ready` again. */
  clearError(): void
}

interface Talk {
  readonly channel: Channel
  readonly conversation: Conversation
}

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
  const storage = isServerRendering() ? undefined : options.storage
  const ownId = options.key ?? createChannelId()
  const idOf = () => toValue(options.id) ?? ownId
  const isSwitched = isRef(options.id) || typeof options.id === 'function'
  const scope = effectScope()
  const talks = new Map<string, Talk>()
  const {
    id: _id,
    messages: _messages,
    storage: _storage,
    generateId = createChannelId,
    prepareRequest,
    whenBusy = 'refuse',
    onFinish,
    onError,
    onData,
    onToolCall,
    sendAutomaticallyWhen,
    ...channelOptions
  } = options
  const listeners = { onFinish, onError, onData, onToolCall, sendAutomaticallyWhen } as AnyListeners

  function open(id: string): Talk {
    let extra: Readonly<Record<string, string>> = {}
    const shared = options.key ?? (storage && 'chat')
    const key = shared === undefined ? undefined : isSwitched || !options.key ? `${shared}:${id}` : shared
    const source = options.source ?? (options.url === undefined ? defaults.source : undefined)
    const given = options.headers ?? defaults.headers
    const channel = useChannel({
      ...defaults,
      ...channelOptions,
      headers: () => withHeaders(toValue(given), extra),
      ...(source ? { source } : { source: undefined }),
      ...(key !== undefined && { key }),
    } as UseSSEChannelOptions)
    const conversation = ensureConversation(channel, {
      id,
      messages: toValue(options.messages) ?? [],
      storage,
      generateId,
      prepareRequest: prepareRequest as PrepareRequest | undefined,
      whenBusy,
      setHeaders(headers) {
        if (source && Object.keys(headers).length > 0)
          throw new ChannelError(
            'BAD_OPTIONS',
            'headers of a call need a channel with a url: its source takes none.',
          )
        extra = headers
      },
    })
    // What was being written when the app was closed is read on.
    if (storage) void conversation.resume().catch(() => undefined)
    return { channel, conversation }
  }

  function talkOf(id: string): Talk {
    const talk = talks.get(id) ?? scope.run(() => open(id))
    if (!talk) throw new ChannelError('BAD_OPTIONS', 'useChat() was left already.')
    talks.set(id, talk)
    return talk
  }

  const current = shallowRef(talkOf(idOf()))
  let unlisten = current.value.conversation.listen(listeners)
  tryOnScopeDispose(() => unlisten())
  if (isSwitched)
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
    if (conversation.answering.value) return channel.status.value === 'submitted' ? 'submitted' : 'streaming'
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
      (next) => talk().setQueue(() => next),
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

type Headers = Readonly<Record<string, string | undefined>>

function withHeaders(
  given: Headers | PromiseLike<Headers> | undefined,
  extra: Headers,
): Headers | Promise<Headers> {
  // A token may have to be fetched first.
  if (isThenable(given))
    return Promise.resolve(given as PromiseLike<Headers>).then((all) => ({ ...all, ...extra }))
  return { ...(given as Headers | undefined), ...extra }
}
