import type {
  DataPart,
  DynamicToolPart,
  FilePart,
  Part,
  ReasoningPart,
  SourceDocumentPart,
  SourceUrlPart,
  StaticToolPart,
  TextPart,
  ToolPart,
} from './part.js'

export const isTextPart = (part: Part): part is TextPart => part.type === 'text'

export const isReasoningPart = (part: Part): part is ReasoningPart => part.type === 'reasoning'

export const isFilePart = (part: Part): part is FilePart => part.type === 'file'

export const isSourcePart = (part: Part): part is SourceUrlPart | SourceDocumentPart =>
  part.type === 'source-url' || part.type === 'source-document'

export const isDataPart = (part: Part): part is DataPart => part.type.startsWith('data-')

export const isStaticToolPart = (part: Part): part is StaticToolPart => part.type.startsWith('tool-')

export const isDynamicToolPart = (part: Part): part is DynamicToolPart => part.type === 'dynamic-tool'

/** A tool call of either kind. */
export const isToolPart = (part: Part): part is ToolPart => isStaticToolPart(part) || isDynamicToolPart(part)

/** The tool's name, wherever the part has it. */
export const toolNameOf = (part: ToolPart): string =>
  isDynamicToolPart(part) ? part.toolName : part.type.slice('tool-'.length)
