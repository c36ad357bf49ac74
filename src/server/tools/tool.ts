import { ChannelError } from '../../core/channel-error.js'
import type { HistoryMessage } from '../conversations/conversations.js'
import { inputSchema, type InputSchema, type StandardSchema } from './input-schema.js'
import type { JsonSchema } from './json-schema.js'

/** A call of a tool. */
export interface ToolCallContext {
  readonly toolCallId: string
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal
  /** All that was said, the answer so far last. */
  readonly messages: readonly HistoryMessage[]
}

/**
 * What a tool gives: a JSON value, or a stream of them. Each piece of a stream is a preliminary output; the last one, or
 * what the generator returns, is the output.
 */
export type ToolOutput<Output> =
  Output | Promise<Output> | AsyncGenerator<Output, Output | undefined> | AsyncIterable<Output>

/** What `tool()` takes besides name, schema and function. */
export interface ToolOptions<Input> {
  /** What a model is told of it: what it does, and when to use it. */
  readonly description?: string
  /** Whether the user is asked first. Default: never. */
  readonly needsApproval?: boolean | ((input: Input, context: ToolCallContext) => boolean | Promise<boolean>)
  /** Its input as JSON Schema, for a model. Default: what the schema says of itself. */
  readonly parameters?: JsonSchema
}

/** A tool that a model may call. */
export interface ServerTool extends InputSchema {
  readonly name: string
  readonly description: string | undefined
  needsApproval(input: unknown, context: ToolCallContext): Promise<boolean>
  /** Absent: the page runs it. */
  readonly execute: ((input: unknown, context: ToolCallContext) => ToolOutput<unknown>) | undefined
}

/**
 * A tool for `toolLoop`.
 * @param name 1 to 64 letters, digits, `_` or `-`
 * @param schema of its input: of a library (Zod, Valibot, ArkType), or JSON Schema
 * @param execute runs it. What it throws is told to nobody but `onToolError`; a ChannelError's sentence also to the model.
 * Left out, the page runs it
 * @throws {ChannelError} BAD_OPTIONS
 * @example tool('weather', z.object({ city: z.string() }), ({ city }, { signal }) => lookUp(city, signal))
 */
export function tool<Input = Readonly<Record<string, unknown>>>(
  name: string,
  schema: StandardSchema<Input> | JsonSchema,
  execute?: (input: Input, context: ToolCallContext) => ToolOutput<unknown>,
  options: ToolOptions<Input> = {},
): ServerTool {
  const { description, needsApproval = false, parameters } = options
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
    throw new ChannelError('BAD_OPTIONS', 'The name of a tool has 1 to 64 letters, digits, _ or -.')
  return {
    name,
    description,
    ...inputSchema(name, schema, parameters),
    // What is given to them has been checked by the schema they were written for.
    execute: execute as ServerTool['execute'],
    needsApproval: async (input, context) =>
      typeof needsApproval === 'function' ? needsApproval(input as Input, context) : needsApproval,
  }
}
