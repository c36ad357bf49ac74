import type { Citation, ProviderMetadata } from './chunk.js'

interface WithMetadata {
  readonly providerMetadata?: ProviderMetadata | undefined
}

/** Text of the answer. `state` is absent in messages that never streamed. */
export interface TextPart extends WithMetadata {
  readonly type: 'text'
  readonly text: string
  readonly state?: 'streaming' | 'done'
  readonly citations?: readonly Citation[]
}

/** Thinking. It may be empty and still have to go back to the model: providers sign it in `providerMetadata`. */
export interface ReasoningPart extends WithMetadata {
  readonly type: 'reasoning'
  readonly text: string
  readonly state?: 'streaming' | 'done'
  readonly id?: string
}

/** The question whether a tool may be run, and its answer. */
export interface ToolApproval<Approved extends boolean | undefined = boolean | undefined> {
  readonly id: string
  readonly approved?: Approved
  readonly descriptor?: unknown
  /** Why the server asks. */
  readonly requestReason?: string
  /** Why the user said so. */
  readonly reason?: string
  readonly isAutomatic?: boolean
  readonly signature?: string
  readonly inputSchemaInput?: unknown
}

interface CallBase {
  readonly toolCallId: string
  readonly title?: string | undefined
  readonly toolMetadata?: Readonly<Record<string, unknown>>
  /** Run by the provider itself. */
  readonly providerExecuted?: boolean | undefined
  readonly callProviderMetadata?: ProviderMetadata
}

interface ResultBase {
  readonly input: unknown
  readonly resultProviderMetadata?: ProviderMetadata
  readonly approval?: ToolApproval
}

/** How far a tool call is. What a state has beside its input is known to the compiler once `state` is compared. */
type ToolProgress =
  | {
      readonly state: 'input-streaming'
      /** As far as it can be read already. */
      readonly input?: unknown
      /** What has come of it, as text. */
      readonly rawInput?: string | undefined
      readonly inputEncoding?: 'json' | 'text'
    }
  | { readonly state: 'input-available'; readonly input: unknown }
  | { readonly state: 'approval-requested'; readonly input: unknown; readonly approval: ToolApproval }
  | {
      readonly state: 'approval-responded'
      readonly input: unknown
      readonly approval: ToolApproval<boolean>
    }
  | (ResultBase & {
      readonly state: 'output-available'
      readonly output: unknown
      /** A later output is still to replace this one. */
      readonly preliminary?: boolean | undefined
    })
  | (ResultBase & { readonly state: 'output-error'; readonly errorText: string; readonly rawInput?: unknown })
  | { readonly state: 'output-denied'; readonly input: unknown; readonly approval: ToolApproval }

/** How far the call of a tool is. `input-streaming`: its input is still coming. */
export type ToolState = ToolProgress['state']

/** A call of a tool that the application knows: its name is in the type. */
export type StaticToolPart = { readonly type: `tool-${string}` } & CallBase & ToolProgress

/** A call of a tool that is known only at run time, of an MCP server for instance. */
export type DynamicToolPart = {
  readonly type: 'dynamic-tool'
  readonly toolName: string
  /** `false`: the application knew this tool once. */
  readonly dynamic?: false
} & CallBase &
  ToolProgress

/** A call of a tool, with its input and, once it is there, its output. */
export type ToolPart = StaticToolPart | DynamicToolPart

/** A page that the answer refers to. */
export interface SourceUrlPart extends WithMetadata {
  readonly type: 'source-url'
  readonly sourceId: string
  readonly url: string
  readonly title?: string | undefined
}

/** A document that the answer refers to, which has no address. */
export interface SourceDocumentPart extends WithMetadata {
  readonly type: 'source-document'
  readonly sourceId: string
  readonly mediaType: string
  readonly title: string
  readonly filename?: string | undefined
}

/** A file of the answer, such as an image: a URL or a data URL, and its media type. */
export interface FilePart extends WithMetadata {
  readonly type: 'file'
  /** May be a data URL. */
  readonly url: string
  readonly mediaType: string
  readonly filename?: string
  /** By provider, where the file was uploaded to. */
  readonly providerReference?: Readonly<Record<string, string>>
}

/** A file that belongs to the reasoning: a URL or a data URL, and its media type. */
export interface ReasoningFilePart extends WithMetadata {
  readonly type: 'reasoning-file'
  readonly url: string
  readonly mediaType: string
}

/** Something of one provider, which only it understands. */
export interface CustomPart extends WithMetadata {
  readonly type: 'custom'
  readonly kind: `${string}.${string}`
}

/** What the user said while the answer was being written. */
export interface SteeringMessagePart {
  readonly type: 'steering-message'
  readonly id: string
  readonly parts: readonly (TextPart | FilePart)[]
}

/** Where a step begins: one call of the model. */
export interface StepStartPart {
  readonly type: 'step-start'
}

/** The application's own. */
export interface DataPart {
  readonly type: `data-${string}`
  readonly id?: string
  readonly data: unknown
}

/**
 * A piece of a message, as the AI SDK's UI messages of major version 7 have it. Comparing `type` narrows it; for tools
 * and data, whose types are open, there are `isToolPart` and `isDataPart`.
 */
export type Part =
  | TextPart
  | ReasoningPart
  | StaticToolPart
  | DynamicToolPart
  | SourceUrlPart
  | SourceDocumentPart
  | FilePart
  | ReasoningFilePart
  | CustomPart
  | SteeringMessagePart
  | StepStartPart
  | DataPart
