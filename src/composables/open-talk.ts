import { isRef, toValue } from 'vue'
import type { AnyChatMessage, ChatMessage } from '../chat/chat-message.js'
import { ensureConversation, type Conversation } from '../chat/conversation.js'
import type { ChatStorage } from '../chat/storage/chat-storage.js'
import { storageName } from '../chat/storage/storage-name.js'
import type { PrepareRequest } from '../chat/request-body.js'
import { ChannelError } from '../core/channel-error.js'
import { isThenable } from '../platform/quietly.js'
import type { Channel } from '../run/channel.js'
import type { ChannelDefaults, UseSSEChannelOptions } from '../run/channel-settings.js'
import { createChannelId } from '../transports/create-channel-id.js'
import type { UseChatOptions } from './chat-options.js'
import { isServerRendering } from './server-rendering.js'
import { useChannel } from './use-channel.js'

/** A conversation and the channel that its answers come by. */
export interface Talk {
  readonly channel: Channel
  readonly conversation: Conversation
}

/** Whether the id that the options give may become another one. */
export const isSwitchable = ({ id }: Pick<UseChatOptions, 'id'>): boolean =>
  isRef(id) || typeof id === 'function'

/** Opens the conversation with this id; reads on what was being written when the app was closed. */
export function openTalk<Message extends AnyChatMessage = ChatMessage>(
  id: string,
  options: UseChatOptions<Message>,
  defaults: ChannelDefaults,
): Talk {
  const {
    id: _id,
    messages,
    storage: given,
    generateId = createChannelId,
    prepareRequest,
    whenBusy = 'refuse',
    throttle = 0,
    onFinish: _onFinish,
    onError: _onError,
    onData: _onData,
    onToolCall: _onToolCall,
    sendAutomaticallyWhen: _sendAutomaticallyWhen,
    ...ofChannel
  } = options
  const storage = isServerRendering() ? undefined : given
  const source = options.source ?? (options.url === undefined ? defaults.source : undefined)
  let extra: Headers = {}
  const channel = useChannel({
    ...defaults,
    ...ofChannel,
    headers: () => withHeaders(toValue(options.headers ?? defaults.headers), extra),
    ...(source ? { source } : { source: undefined }),
    ...keyOf(id, options, storage),
  } as UseSSEChannelOptions)
  const conversation = ensureConversation(channel, {
    id,
    messages: (toValue(messages) ?? []) as readonly ChatMessage[],
    storage,
    generateId,
    prepareRequest: prepareRequest as PrepareRequest | undefined,
    whenBusy,
    throttle,
    setHeaders(headers) {
      if (source && Object.keys(headers).length > 0)
        throw new ChannelError(
          'BAD_OPTIONS',
          'headers of a call need a channel with a url: its source takes none.',
        )
      extra = headers
    },
  })
  if (storage) void conversation.resume().catch(() => undefined)
  return { channel, conversation }
}

/** A conversation without a key or a storage belongs to the page alone. */
function keyOf(
  id: string,
  options: Pick<UseChatOptions, 'id' | 'key'>,
  storage: ChatStorage | undefined,
): { key?: string } {
  const shared = options.key ?? (storage && storageName(storage))
  if (shared === undefined) return {}
  return { key: isSwitchable(options) || !options.key ? `${shared}:${id}` : shared }
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
