import { ChannelError } from '../../core/channel-error.js'
import type { UIMessageChunk } from '../../messages/chunk.js'
import type { ServerTool, ToolCallContext } from './tool.js'

/** Hears of every tool that fails. Must not throw. */
export type OnToolError = (
  error: unknown,
  call: { readonly toolName: string; readonly toolCallId: string },
) => void

/** Runs a tool, and tells what it gives: preliminary outputs, then one that is final, or that it failed. */
export async function runTool(
  { name, execute }: ServerTool,
  input: unknown,
  context: ToolCallContext,
  put: (chunk: UIMessageChunk) => Promise<void>,
  onToolError: OnToolError,
): Promise<void> {
  const { toolCallId, signal } = context
  const give = (output: unknown, more = {}) =>
    // What is nothing is nothing in JSON, too.
    put({ type: 'tool-output-available', toolCallId, output: output ?? null, ...more })
  try {
    const given = await execute?.(input, context)
    if (!isStream(given)) return await give(given)
    const outputs = given[Symbol.asyncIterator]()
    let last: unknown
    for (let next = await outputs.next(); !signal.aborted; next = await outputs.next()) {
      if (next.done) return await give(next.value ?? last)
      last = next.value
      await give(last, { preliminary: true })
    }
    await outputs.return?.()
  } catch (thrown) {
    if (signal.aborted) throw signal.reason
    onToolError(thrown, { toolName: name, toolCallId })
    // Written for others to read; anything else may hold secrets.
    const errorText = thrown instanceof ChannelError ? thrown.message : 'The tool failed.'
    await put({ type: 'tool-output-error', toolCallId, errorText })
  }
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value
