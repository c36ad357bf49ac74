import type { Answer } from './answer.js'
import { defineVendor, type Said } from './define-vendor.js'
import { anyTextOf, fieldsOf, listOf, textOf, type Fields } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { addFoundSources } from './found-sources.js'
import { failureWords } from './failure.js'
import { createOpenAICalls } from './openai-calls.js'
import { usageOf } from './usage.js'

/**
 * OpenAI's Chat Completions, and all who speak it: DeepSeek, 通义千问, Kimi, 智谱, 豆包, MiniMax, SiliconFlow, 千帆 V2,
 * Mistral, Azure, Ollama, vLLM, SGLang, one-api. The choice with the index 0 is the answer.
 *
 * Stopped by hanging up. Ends with `[DONE]` or a finish reason.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export const openAI = defineVendor({
  name: 'openai',
  title: 'The model',
  end: '[DONE] or a finish_reason',
  owns: isCompletion,
  begin: readCompletion,
})

function isCompletion({ fields: { object, choices }, type }: Said): boolean {
  if (type !== 'message' || !Array.isArray(choices)) return false
  const isNamed = typeof object === 'string' && /^(chat\.completion|text_completion)/.test(object)
  return isNamed || choices.some((choice) => fieldsOf(choice).delta !== undefined)
}

/** Reads the chunks of one completion; also for those who put more around them. */
export function readCompletion(answer: Answer) {
  const calls = createOpenAICalls(answer)
  let isRefused = false
  let text = ''

  function content(value: unknown, isWhole: boolean) {
    if (typeof value === 'string') {
      // Some repeat the whole answer when all its pieces have come.
      const more = isWhole && value.startsWith(text) ? value.slice(text.length) : value
      text += more
      return answer.piece('text', more)
    }
    for (const part of listOf(value)) contentPart(answer, fieldsOf(part))
  }

  return {
    read({ fields }: Pick<Said, 'fields'>) {
      answer.usage(usageOf(fields.usage ?? fieldsOf(fields.x_groq).usage))
      const choice = listOf(fields.choices).map(fieldsOf).find(isFirst)
      addFoundSources(answer, fields)
      if (!choice) return
      // Answers that come in one piece, and some imitators, have a message where others have a delta.
      const isWhole = choice.delta === undefined || choice.delta === null
      const delta = fieldsOf(isWhole ? choice.message : choice.delta)
      if (choice.usage) answer.usage(usageOf(choice.usage))
      answer.piece('reasoning', thoughtOf(delta))
      content(delta.content ?? choice.text, isWhole && choice.text === undefined)
      answer.piece('text', delta.refusal)
      calls.pieces(delta.tool_calls)
      calls.legacy(delta.function_call)
      for (const image of listOf(delta.images)) contentPart(answer, fieldsOf(image))
      audio(answer, delta.audio)
      addFoundSources(answer, delta)
      isRefused ||= textOf(delta.refusal) !== ''
      end(answer, choice, isRefused)
    },
  }
}

const isFirst = ({ index }: Fields) => Number(index ?? 0) === 0

/** DeepSeek, 通义千问, 智谱 and SGLang say reasoning_content; OpenRouter and vLLM say reasoning. */
function thoughtOf({
  reasoning_content: content,
  reasoning,
  reasoning_details: details,
  thinking,
}: Fields): string {
  const words = anyTextOf(content, reasoning, thinking)
  if (words !== '') return words
  return listOf(details)
    .map((detail) => anyTextOf(fieldsOf(detail).text, fieldsOf(detail).summary))
    .join('')
}

function end(answer: Answer, choice: Fields, isRefused: boolean) {
  const reason = finishReasonOf(choice.finish_reason)
  // An answer that ends for a fault of the server is none that is complete. Some say beside it what it was.
  const words = failureWords(fieldsOf(choice.error))
  if (reason === 'error' || words !== '')
    return answer.fail(words || `The model gave up: ${textOf(choice.finish_reason)}.`)
  // A refusal ends with "stop", as if it were an answer.
  if (reason) answer.reason = isRefused && reason === 'stop' ? 'content-filter' : reason
  // What is told later is only what it cost.
  if (reason) answer.tools.endAll()
}

/** A part of a content that is a list: Mistral's thinking, images, references. */
function contentPart(answer: Answer, part: Fields) {
  const { type, text, thinking, image_url: image, file } = part
  switch (type) {
    case 'thinking':
      if (typeof thinking === 'string') return answer.piece('reasoning', thinking)
      for (const one of listOf(thinking)) answer.piece('reasoning', fieldsOf(one).text)
      return
    case 'reasoning':
      return answer.piece('reasoning', anyTextOf(text, part.reasoning))
    case 'image_url':
    case 'image':
    case 'output_image': {
      const address = fieldsOf(image).url ?? image ?? part.url ?? part.image
      return answer.file(address, 'image')
    }
    case 'file':
      return answer.file(fieldsOf(file).file_data ?? fieldsOf(file).url ?? part.url)
    case 'refusal':
      return answer.piece('text', part.refusal)
    default:
      return answer.piece('text', text)
  }
}

/** Speech comes in pieces of base64 beside its words: the words are the answer, the sound is to be played at once. */
function audio(answer: Answer, value: unknown) {
  const { data, transcript } = fieldsOf(value)
  answer.piece('text', transcript)
  if (textOf(data) !== '') answer.data('audio', { data }, { transient: true })
}
