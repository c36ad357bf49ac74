import type { FilePart, Part, ToolPart } from '../../messages/part.js'
import { isToolPart, toolNameOf } from '../../messages/part-guards.js'
import { parsed } from '../../vendors/fields.js'
import type { HistoryMessage } from '../conversations/conversations.js'
import type { ServerTool } from './tool.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * A history as Chat Completions take it: texts, images, calls of tools and what they gave. Thinking is not sent back.
 * @param system what the model is told first, if anything
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function openAIMessages(messages: readonly HistoryMessage[], system?: string): readonly Fields[] {
  const first = system === undefined ? [] : [{ role: 'system', content: system }]
  return [
    ...first,
    ...messages.flatMap((message) => (message.role === 'assistant' ? stepsOf(message) : [saidOf(message)])),
  ]
}

/** What a model is told of tools. */
export const openAITools = (tools: readonly ServerTool[]): readonly Fields[] =>
  tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, ...(description !== undefined && { description }), parameters },
  }))

function saidOf({ role, parts }: HistoryMessage): Fields {
  const files = parts.filter((part): part is FilePart => part.type === 'file')
  const text = textIn(parts)
  if (files.length === 0) return { role, content: text }
  return { role, content: [...(text === '' ? [] : [{ type: 'text', text }]), ...files.map(fileOf)] }
}

const fileOf = ({ url, mediaType, filename }: FilePart): Fields =>
  mediaType.startsWith('image/')
    ? { type: 'image_url', image_url: { url } }
    : { type: 'file', file: { file_data: url, ...(filename !== undefined && { filename }) } }

/** An answer is one message for each call of the model, and one for each result. */
function stepsOf({ parts }: HistoryMessage): readonly Fields[] {
  const steps: Part[][] = [[]]
  for (const part of parts) {
    if (part.type === 'step-start') steps.push([])
    else steps[steps.length - 1]?.push(part)
  }
  return steps.flatMap((step) => {
    const calls = step
      .filter(isToolPart)
      .filter(({ providerExecuted, state }) => !providerExecuted && state !== 'input-streaming')
    const text = textIn(step)
    if (calls.length === 0) return text === '' ? [] : [{ role: 'assistant', content: text }]
    const message = { role: 'assistant', content: text === '' ? null : text, tool_calls: calls.map(callOf) }
    return [message, ...calls.map(resultOf)]
  })
}

const callOf = (part: ToolPart): Fields => ({
  id: part.toolCallId,
  type: 'function',
  function: { name: toolNameOf(part), arguments: argumentsOf(part) },
})

/** JSON, also of a call whose input was none: some endpoints read it. */
function argumentsOf({ input }: ToolPart): string {
  if (typeof input === 'string' && typeof parsed(input) === 'object') return input
  return JSON.stringify(input ?? {})
}

/** No call may stay without a result, or the whole request is refused. */
function resultOf(part: ToolPart): Fields {
  return { role: 'tool', tool_call_id: part.toolCallId, content: wordsOf(part) }
}

function wordsOf(part: ToolPart): string {
  switch (part.state) {
    case 'output-available':
      return typeof part.output === 'string' ? part.output : JSON.stringify(part.output ?? null)
    case 'output-error':
      return `Error: ${part.errorText}`
    case 'output-denied': {
      const reason = part.approval?.reason
      return `The user did not allow this call.${reason ? ` ${reason}` : ''}`
    }
    default:
      return 'This call was not run: nobody has answered it.'
  }
}

const textIn = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
