import { randomBytes } from 'node:crypto'
import { ChannelError } from '../../core/channel-error.js'
import type { FinishReason, UIMessageChunk } from '../../messages/chunk.js'
import { createAnswer } from '../../messages/create-answer.js'
import type { ToolPart } from '../../messages/part.js'
import { isToolPart, toolNameOf } from '../../messages/part-guards.js'
import type { HistoryMessage } from '../conversations/conversations.js'
import { drain, type Producer, type RunContext } from '../hub/producer.js'
import { addUsage } from './add-usage.js'
import { runTool, type OnToolError } from './run-tool.js'
import type { ServerTool, ToolCallContext } from './tool.js'

/** One call of the model. */
export interface ModelStep {
  /** All that was said, the answer so far last, with what its tools gave. */
  readonly messages: readonly HistoryMessage[]
  readonly tools: readonly ServerTool[]
  /** From 1. */
  readonly step: number
}

/** The tools of a loop, how a model is asked, and when it ends. */
export interface ToolLoopOptions {
  readonly tools: readonly ServerTool[]
  /** All that was said. An answer as the last one is gone on with: its tools wait for results, or were allowed to run. */
  readonly messages: readonly HistoryMessage[]
  /** Asks the model: a `relay`, or another producer that gives its text and its calls. */
  readonly ask: (step: ModelStep) => Producer<UIMessageChunk>
  /** The id of the answer, as `start` was given it. Default: that of the answer that is gone on with, else the run's. */
  readonly messageId?: string | undefined
  /** So often the model is called in one run. Default 20. */
  readonly maxSteps?: number
  /** Default: a process warning. */
  readonly onToolError?: OnToolError
}

interface Call {
  readonly tool: ServerTool
  readonly input: unknown
  readonly context: ToolCallContext
}

/** With these, results of tools are of no use any more. */
const CUT: ReadonlySet<FinishReason | undefined> = new Set<FinishReason>([
  'length',
  'content-filter',
  'error',
])

/**
 * A model that may call tools: it is asked, its calls are run, it is asked again with what they gave, until it calls none.
 * Every piece is an event of the run, so each step can be read on.
 *
 * Ends early, with the finish reason `tool-calls`, where a call waits for somebody: for the user's leave, or for the page
 * that runs it. The next request holds their answer, and goes on with the same message.
 * @throws {ChannelError} BAD_OPTIONS: two tools of one name
 */
export function toolLoop(options: ToolLoopOptions): Producer<UIMessageChunk> {
  const { tools, messages, ask, maxSteps = 20, onToolError = warn } = options
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  if (byName.size < tools.length) throw new ChannelError('BAD_OPTIONS', 'Two tools have the same name.')
  const last = messages[messages.length - 1]
  const origin = last?.role === 'assistant' ? last : undefined
  const before = origin ? messages.slice(0, -1) : messages

  return async function looped(run: RunContext<UIMessageChunk>) {
    const { signal, channelId } = run
    const answer = createAnswer(origin)
    const id = options.messageId ?? origin?.id ?? channelId
    const usage = addUsage()

    async function put(chunk: UIMessageChunk) {
      answer.add(chunk)
      await run.write(chunk)
    }

    function soFar(): readonly HistoryMessage[] {
      const { parts } = answer
      return parts.length > 0 ? [...before, { id, role: 'assistant', parts }] : before
    }

    const contextOf = (toolCallId: string): ToolCallContext => ({ toolCallId, signal, messages: soFar() })
    const runCall = ({ tool, input, context }: Call) => runTool(tool, input, context, put, onToolError)

    /** Calls of a former run that nothing keeps any more: those that were allowed, or that were cut off. */
    async function goOn(part: ToolPart) {
      const { toolCallId, state, input } = part
      if (part.providerExecuted) return
      if (state === 'approval-responded' && !part.approval.approved)
        return put({ type: 'tool-output-denied', toolCallId })
      const tool = byName.get(toolNameOf(part))
      // One without `execute` is the page's; of one that nobody knows nobody would ever say anything.
      const isOurs = state === 'input-available' && !(tool && !tool.execute)
      if (state !== 'approval-responded' && !isOurs) return
      const checked = tool && (await tool.check(input))
      if (!tool?.execute || !checked?.isValid)
        return put({ type: 'tool-output-error', toolCallId, errorText: noTool(toolNameOf(part)) })
      const context = contextOf(toolCallId)
      // Never asked, it is not run for having been cut off.
      if (state === 'input-available' && (await tool.needsApproval(checked.input, context)))
        return requestApproval(toolCallId)
      return runCall({ tool, input: checked.input, context })
    }

    const requestApproval = (toolCallId: string) =>
      put({ type: 'tool-approval-request', approvalId: randomBytes(12).toString('base64url'), toolCallId })

    /** One call of the model, and its tools. Gives why it ended, and whether it has called any. */
    async function takeStep(step: number) {
      const calls: Call[] = []
      let called = 0
      let reason: FinishReason | undefined
      await put({ type: 'start-step' })

      async function take(chunk: UIMessageChunk) {
        if (chunk.type === 'start' || chunk.type === 'start-step' || chunk.type === 'finish-step') return
        if (chunk.type === 'finish') {
          reason = chunk.finishReason
          return usage.add(chunk.messageMetadata)
        }
        if (chunk.type === 'tool-input-error') called++
        if (chunk.type !== 'tool-input-available' || chunk.providerExecuted) return put(chunk)
        called++
        const { type: _type, ...call } = chunk
        const tool = byName.get(call.toolName)
        const checked = await tool?.check(call.input)
        if (!tool || !checked?.isValid) {
          const errorText = checked && !checked.isValid ? checked.errorText : noTool(call.toolName)
          return put({ type: 'tool-input-error', ...call, errorText })
        }
        await put(chunk)
        calls.push({ tool, input: checked.input, context: contextOf(call.toolCallId) })
      }

      await drain(ask({ messages: soFar(), tools, step }), {
        ...run,
        write: (chunk) => take(chunk as UIMessageChunk),
      })
      if (signal.aborted) throw signal.reason
      await Promise.all(
        calls.map(async (call) => {
          const { tool, input, context } = call
          if (!tool.execute) return
          if (await tool.needsApproval(input, context)) return requestApproval(context.toolCallId)
          return runCall(call)
        }),
      )
      await put({ type: 'finish-step' })
      return { reason, called }
    }

    const finish = (finishReason: FinishReason | undefined) =>
      put({ type: 'finish', ...(finishReason && { finishReason }), ...usage.metadata() })

    const isWaiting = () =>
      answer.parts.some(
        (part) =>
          isToolPart(part) &&
          !part.providerExecuted &&
          (part.state === 'approval-requested' || part.state === 'input-available'),
      )

    await put({ type: 'start', messageId: id })
    for (const part of answer.parts.filter(isToolPart)) {
      if (signal.aborted) throw signal.reason
      await goOn(part)
    }
    for (let step = 1; ; step++) {
      if (isWaiting()) return finish('tool-calls')
      const { reason, called } = await takeStep(step)
      if (called === 0 || CUT.has(reason)) return finish(reason)
      if (step >= maxSteps) return finish('tool-calls')
    }
  }
}

const noTool = (name: string) =>
  `There is no tool ${JSON.stringify(name)} that can be run here, or not with this input.`

const warn: OnToolError = (error, { toolName }) =>
  process.emitWarning(
    `The tool ${toolName} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    'ChannelError',
  )
