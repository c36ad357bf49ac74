import type { Branches, ChatMessage, ToolApprovalResponse } from 'uni-sse-channel'

/** What the messages of a conversation ask of the page. */
export interface Talk {
  readonly history: () => readonly ChatMessage[]
  readonly branches: (messageId: string) => Branches
  readonly stop: () => unknown
  readonly retry: () => unknown
  /** Another answer than this one. */
  readonly again: (messageId: string) => unknown
  readonly edit: (messageId: string, text: string) => unknown
  readonly switchBranch: (messageId: string) => unknown
  readonly approve: (answer: ToolApprovalResponse) => unknown
  /** The list may be higher now. */
  readonly grow: () => unknown
}
