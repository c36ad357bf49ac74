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

/** Text of the answer. */
export const isTextPart = (part: Part): part is TextPart => part.type === 'text'

/** What the model thought before it answered. */
export const isReasoningPart = (part: Part): part is ReasoningPart => part.type === 'reasoning'

/** A file of the answer. */
export const isFilePart = (part: Part): part is FilePart => part.type === 'file'

/** What the answer refers to: a page or a document. */
export const isSourcePart = (part: Part): part is SourceUrlPart | SourceDocumentPart =>
  part.type === 'source-url' || part.type === 'source-document'

/** Data of the application, `data-…`. */
export const isDataPart = (part: Part): part is DataPart => part.type.startsWith('data-')

/** A call of a tool whose name is in the type: `tool-…`. */
export const isStaticToolPart = (part: Part): part is StaticToolPart => part.type.startsWith('tool-')

/** A call of a tool whose name is known only when it comes. */
export const isDynamicToolPart = (part: Part): part is DynamicToolPart => part.type === 'dynamic-tool'

/** A tool call of either kind. */
export const isToolPart = (part: Part): part is ToolPart => isStaticToolPart(part) || isDynamicToolPart(part)

/** The tool's name, wherever the part has it. */
export const toolNameOf = (part: ToolPart): string =>
  isDynamicToolPart(part) ? part.toolName : part.type.slice('tool-'.length)
