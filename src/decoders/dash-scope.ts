import type { Decoder } from './decoder.js'
import { appended, done, failed, fieldsOf, firstOf, textOf, vendorDecoder } from './vendor-decoder.js'

/**
 * 阿里云百炼 DashScope's own format, of models and of apps, asked for with `incremental_output: true`: without it each
 * event repeats the whole answer. Its OpenAI-compatible mode is `openAIDecoder`'s. Behind a gateway of yours: a key
 * never belongs into an app.
 * @see https://help.aliyun.com/zh/model-studio/stream
 */
export const dashScopeDecoder: Decoder = vendorDecoder(() => (fields, event) => {
  if (event.type === 'error' || (textOf(fields.code) !== '' && fields.output === undefined))
    return { ending: failed(fields.message) }
  const output = fieldsOf(fields.output)
  const choice = firstOf(output.choices)
  const message = fieldsOf(choice.message)
  // Models that see and hear answer with a list of pieces.
  const content = Array.isArray(message.content)
    ? message.content.map((piece) => textOf(fieldsOf(piece).text)).join('')
    : message.content
  const reason = textOf(choice.finish_reason ?? output.finish_reason)
  return {
    chunks: [
      ...appended('reasoning', message.reasoning_content),
      ...appended('text', content ?? output.text),
    ],
    // While it goes on, the reason is the word "null".
    ending: reason !== '' && reason !== 'null' ? done : undefined,
  }
})
