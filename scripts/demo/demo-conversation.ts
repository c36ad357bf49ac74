import { demoModel, type Producer, type UIMessageChunk } from 'uni-sse-channel/server'
import { createAskedCalls, type AskedCall } from './asked-calls.js'
import { bookTrainTool } from './book-train-tool.js'
import type { DemoTool, Language, ToolWorld } from './demo-tool.js'
import { readTurn, type Answered } from './read-turn.js'
import { sendNoticeTool } from './send-notice-tool.js'
import { paced, speak } from './speak.js'
import { weatherTool } from './weather-tool.js'

const tools = [weatherTool, bookTrainTool, sendNoticeTool] as readonly DemoTool[]

export interface DemoConversationOptions extends ToolWorld {
  /** Mean pause between two pieces, in milliseconds. Default 17; 0 switches it off. */
  readonly paceMs?: number
}

type Chunks = AsyncGenerator<UIMessageChunk, void>

/**
 * Answers like the demo model, and calls tools that really run in this process: what one prompt asks for is looked up
 * at once, what costs or is seen by others waits for the user's word.
 * @returns for the body of a request, what fills the run
 */
export function demoConversation(
  options: DemoConversationOptions,
): (body: unknown) => Producer<UIMessageChunk> {
  const { paceMs = 17 } = options
  const asked = createAskedCalls()
  const answer = demoModel({ paceMs })

  return (body) => {
    const turn = readTurn(body)
    if (turn.kind === 'word')
      return ({ signal }) => goOn(turn.messageId, turn.answered, turn.language, signal)
    const { input, language } = turn
    for (const tool of tools) {
      const call = tool.plan(input.prompt, language)
      if (call !== undefined)
        return ({ channelId, signal }) => callTool(tool, call, channelId, language, signal)
    }
    return answer(input)
  }

  async function* callTool(
    tool: DemoTool,
    input: unknown,
    messageId: string,
    language: Language,
    signal: AbortSignal,
  ): Chunks {
    const toolCallId = `call-${messageId}`
    yield { type: 'start', messageId }
    yield { type: 'start-step' }
    yield* speak('reasoning', 'thought', tool.thought(input)[language], paceMs, signal)
    const called = { toolCallId, toolName: tool.name, title: tool.title[language] }
    yield { type: 'tool-input-start', ...called }
    for await (const inputTextDelta of paced(JSON.stringify(input), paceMs, signal))
      yield { type: 'tool-input-delta', toolCallId, inputTextDelta }
    yield { type: 'tool-input-available', ...called, input }
    if (tool.asks) {
      const approvalId = `ask-${messageId}`
      asked.add(approvalId, { tool: tool.name, input })
      yield { type: 'tool-approval-request', approvalId, toolCallId, reason: tool.asks[language] }
      yield { type: 'finish-step' }
      yield { type: 'finish', finishReason: 'tool-calls' }
      return
    }
    yield* finishCall(tool, toolCallId, async () => tool.execute(input, options), language, signal)
    yield { type: 'finish', finishReason: 'stop' }
  }

  /** An answer whose tools the user was asked about. */
  async function* goOn(
    messageId: string,
    answered: readonly Answered[],
    language: Language,
    signal: AbortSignal,
  ): Chunks {
    yield { type: 'start', messageId }
    for (const { toolCallId, approvalId, approved } of answered) {
      const call = asked.get(approvalId)
      const tool = tools.find(({ name }) => name === call?.tool)
      if (!call || !tool) yield { type: 'tool-output-error', toolCallId, errorText: forgotten[language] }
      else if (approved) yield* finishCall(tool, toolCallId, () => runOnce(tool, call), language, signal)
      else {
        yield { type: 'tool-output-denied', toolCallId }
        yield* say(left[language], signal)
      }
    }
    yield { type: 'finish', finishReason: 'stop' }
  }

  /** Asked for again, as by a retry, it is not done again. */
  function runOnce(tool: DemoTool, call: AskedCall): Promise<unknown> {
    call.result ??= Promise.resolve().then(() => tool.execute(call.input, options))
    return call.result
  }

  async function* finishCall(
    tool: DemoTool,
    toolCallId: string,
    execute: () => Promise<unknown>,
    language: Language,
    signal: AbortSignal,
  ): Chunks {
    let output: unknown
    try {
      output = await execute()
    } catch (thrown) {
      yield { type: 'tool-output-error', toolCallId, errorText: String((thrown as Error).message) }
      yield { type: 'finish-step' }
      yield* say(failed[language], signal)
      return
    }
    yield { type: 'tool-output-available', toolCallId, output }
    if (tool.card) yield { type: `data-${tool.card}`, id: toolCallId, data: output }
    yield { type: 'finish-step' }
    yield { type: 'start-step' }
    yield* speak('text', 'answer', tool.tell(output)[language], paceMs, signal)
    if (tool.source)
      yield {
        type: 'source-document',
        sourceId: `source-${toolCallId}`,
        mediaType: 'application/json',
        title: tool.source[language],
      }
    yield { type: 'finish-step' }
  }

  async function* say(text: string, signal: AbortSignal): Chunks {
    yield { type: 'start-step' }
    yield* speak('text', 'answer', text, paceMs, signal)
    yield { type: 'finish-step' }
  }
}

const left = {
  zh: '好的，没有执行。需要时再告诉我。\n',
  en: 'All right, I have left it. Tell me when you want it.\n',
}
const failed = { zh: '没有做成，请稍后再试。\n', en: 'That did not work. Please try again later.\n' }
const forgotten = {
  zh: '服务器已经不记得这个问题了，请重新提出。',
  en: 'The server does not remember this question any more. Please ask again.',
}
