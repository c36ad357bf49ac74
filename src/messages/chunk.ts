/** What a provider wants back with the next request: signatures, item ids. Opaque; by provider. */
export type ProviderMetadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/**
 * Why an answer ended. `length`: cut at a limit of tokens; `content-filter`: refused or taken back;
 * `interrupted`: paused, and to be continued by another request.
 */
export type FinishReason =
  'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other'

/** The place in an answer that a source supports. */
export interface Citation {
  readonly source: Readonly<Record<string, unknown>>
  readonly startIndex?: number
  readonly endIndex?: number
  readonly citedText?: string
}

interface WithMetadata {
  readonly providerMetadata?: ProviderMetadata
}

interface ToolCall extends WithMetadata {
  readonly toolCallId: string
  readonly toolName: string
  /** Run by the provider itself: a web search, code. */
  readonly providerExecuted?: boolean
  /** Of a tool whose name and shape are known only at run time. */
  readonly dynamic?: boolean
  readonly title?: string
  readonly toolMetadata?: Readonly<Record<string, unknown>>
}

type ToolResult = Omit<ToolCall, 'toolName' | 'title'>

/** Pieces of text and of thinking. Several may be open at once: `id` tells them apart. */
export type TextChunk =
  | ({
      readonly type: 'text-start' | 'reasoning-start' | 'reasoning-end'
      readonly id: string
    } & WithMetadata)
  | ({
      readonly type: 'text-end'
      readonly id: string
      readonly citations?: readonly Citation[]
    } & WithMetadata)
  | ({
      readonly type: 'text-delta' | 'reasoning-delta'
      readonly id: string
      readonly delta: string
    } & WithMetadata)

/** The life of a tool call: input in pieces, input, approval, output or error. */
export type ToolChunk =
  | (ToolCall & { readonly type: 'tool-input-start'; readonly inputEncoding?: 'json' | 'text' })
  | { readonly type: 'tool-input-delta'; readonly toolCallId: string; readonly inputTextDelta: string }
  | (ToolCall & { readonly type: 'tool-input-available'; readonly input: unknown })
  | (ToolCall & { readonly type: 'tool-input-error'; readonly input: unknown; readonly errorText: string })
  | {
      readonly type: 'tool-approval-request'
      readonly approvalId: string
      readonly toolCallId: string
      readonly approvalDescriptor?: unknown
      readonly inputSchemaInput?: unknown
      readonly reason?: string
      readonly isAutomatic?: boolean
      readonly signature?: string
    }
  | ({
      readonly type: 'tool-approval-response'
      readonly approvalId: string
      readonly approved: boolean
      readonly reason?: string
      readonly providerExecuted?: boolean
    } & WithMetadata)
  | (ToolResult & {
      readonly type: 'tool-output-available'
      readonly output: unknown
      /** A later output of the same call replaces this one. */
      readonly preliminary?: boolean
    })
  | (ToolResult & { readonly type: 'tool-output-error'; readonly errorText: string })
  | { readonly type: 'tool-output-denied'; readonly toolCallId: string }

/** Sources, files and whatever else is whole in one chunk. */
export type ContentChunk =
  | ({
      readonly type: 'source-url'
      readonly sourceId: string
      readonly url: string
      readonly title?: string
    } & WithMetadata)
  | ({
      readonly type: 'source-document'
      readonly sourceId: string
      readonly mediaType: string
      readonly title: string
      readonly filename?: string
    } & WithMetadata)
  | ({
      readonly type: 'file' | 'reasoning-file'
      readonly url: string
      readonly mediaType: string
    } & WithMetadata)
  | ({ readonly type: 'custom'; readonly kind: `${string}.${string}` } & WithMetadata)
  | {
      readonly type: 'steering-message'
      readonly id: string
      readonly parts: readonly Readonly<Record<string, unknown>>[]
    }
  /** The application's own. The same type and id replaces; `transient` is told and not kept. */
  | {
      readonly type: `data-${string}`
      readonly id?: string
      readonly data: unknown
      readonly transient?: boolean
    }

/** What frames an answer: its begin and end, its steps, its metadata. */
export type FrameChunk =
  | { readonly type: 'start'; readonly messageId?: string; readonly messageMetadata?: unknown }
  | { readonly type: 'finish'; readonly finishReason?: FinishReason; readonly messageMetadata?: unknown }
  | { readonly type: 'message-metadata'; readonly messageMetadata: unknown }
  | { readonly type: 'start-step' | 'finish-step' }
  /** What the current step has given so far is void. */
  | { readonly type: 'reset-step' }
  | { readonly type: 'abort'; readonly reason?: string }
  | { readonly type: 'error'; readonly errorText: string }

/**
 * The one vocabulary of an answer: UI message stream v1, as the AI SDK of major version 7 has it. Producers give
 * it, vendors are translated into it, the wire carries it, `fold` makes a message of it.
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export type UIMessageChunk = TextChunk | ToolChunk | ContentChunk | FrameChunk
