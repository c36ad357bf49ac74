import type { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { FinishReason } from '../messages/chunk.js'
import type { DataPart } from '../messages/part.js'
import type { AnyChatMessage, ChatMessage } from './chat-message.js'

/** An answer that came to its end, whichever. */
export interface ChatFinish<Message extends AnyChatMessage = ChatMessage> {
  readonly message: Message
  /** The conversation with it. */
  readonly messages: readonly Message[]
  readonly outcome: Outcome
  /** It was stopped. */
  readonly isAbort: boolean
  /** The connection was lost, and could not be restored. */
  readonly isDisconnect: boolean
  readonly isError: boolean
  /** Why the model ended, where the server says so. */
  readonly finishReason: FinishReason | undefined
}

type DataOf<Message extends AnyChatMessage> = Extract<
  Message['parts'][number],
  { readonly type: `data-${string}` }
>

/** A call of a tool whose input is whole. */
export interface ToolCall<Name extends string = string, Input = unknown> {
  readonly toolCallId: string
  readonly toolName: Name
  readonly input: Input
  readonly dynamic?: boolean | undefined
}

type ToolCallOf<P> = P extends {
  readonly type: `tool-${infer Name}`
  readonly state: 'output-available'
  readonly input: infer Input
}
  ? ToolCall<Name, Input>
  : never

/** What an application wants to hear of a conversation. Names as in the AI SDK. */
export interface ChatListeners<Message extends AnyChatMessage = ChatMessage> {
  /** An answer has come to its end, whichever. */
  readonly onFinish?: ((finish: ChatFinish<Message>) => void) | undefined
  /** An answer has ended in an error, a stop could not be told to the server, or the storage has failed. */
  readonly onError?: ((error: ChannelError) => void) | undefined
  /** A data part has come: transient ones too, which are in no message. */
  readonly onData?: ((part: DataOf<Message>) => void) | undefined
  /** A tool is to be run by the page: give its output to `addToolOutput()`. What a provider runs itself is not told. */
  readonly onToolCall?:
    | ((call: { readonly toolCall: ToolCallOf<Message['parts'][number]> }) => void | PromiseLike<void>)
    | undefined
  /** Whether the newest answer is to be gone on with, now that something of it is complete: tools' outputs. */
  readonly sendAutomaticallyWhen?:
    ((now: { readonly messages: readonly Message[] }) => boolean | PromiseLike<boolean>) | undefined
}

/** Listeners of a conversation, whatever their types. */
export interface AnyListeners {
  readonly onFinish?: ((finish: ChatFinish) => void) | undefined
  readonly onError?: ((error: ChannelError) => void) | undefined
  readonly onData?: ((part: DataPart) => void) | undefined
  readonly onToolCall?: ((call: { readonly toolCall: ToolCall }) => unknown) | undefined
  readonly sendAutomaticallyWhen?:
    ((now: { readonly messages: readonly ChatMessage[] }) => boolean | PromiseLike<boolean>) | undefined
}
