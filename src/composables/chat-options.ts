import type { MaybeRefOrGetter } from 'vue'
import type { ChatListeners } from '../chat/chat-listeners.js'
import type { AnyChatMessage, ChatMessage } from '../chat/chat-message.js'
import type { WhenBusy } from '../chat/conversation-settings.js'
import type { PrepareRequest } from '../chat/request-body.js'
import type { ChatStorage } from '../chat/storage/chat-storage.js'
import type { UseSSEChannelOptions } from '../run/channel-settings.js'

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
  /**
   * At least so many milliseconds between two updates of what pages see of an answer. Its first piece and its end are
   * seen at once. Default 0: each piece as it comes.
   */
  readonly throttle?: number
}
