import type { Ref } from 'vue'
import type { AnyChatMessage, ChatMessage } from '../chat/chat-message.js'
import type { Branches } from '../chat/conversation.js'
import type { CallOptions } from '../chat/conversation-settings.js'
import type { QueuedMessage } from '../chat/message-queue.js'
import type { ChatInput } from '../chat/outgoing.js'
import type { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { UseSSEChannelReturn } from './use-sse-channel.js'

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
