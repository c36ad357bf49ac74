import { ChannelError } from '../core/channel-error.js'
import { isErrorCode } from '../core/error-codes.js'
import type { UIMessageChunk } from '../messages/chunk.js'
import type { Closing, Decode, Decoder } from './decoder.js'
import { parseLoosely } from './json.js'
import { runEnding } from './run-ending.js'

type Fields = Readonly<Record<string, unknown>>

/** What only a server says that speaks the whole protocol, and so ends with `finish` or `[DONE]`. */
const framing =
  /^(start|start-step|finish-step|reset-step|text-start|reasoning-start|tool-.+|message-metadata)$/

/**
 * UI message stream v1, the vocabulary of our server and of the AI SDK's. Values of no known kind pass as messages,
 * so a server of plain JSON works with it too.
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export const uiMessageStream: Decoder = () => {
  let end: 'none' | 'missing' | 'proven' = 'none'

  const decode: Decode = (event) => {
    const ending = runEnding(event)
    if (ending) return { ending }
    const message = parseLoosely(event.data)
    const fields: Fields = typeof message === 'object' && message !== null ? (message as Fields) : {}
    const { type } = fields
    if (typeof type !== 'string') return { message, ...failure(event.type, message, fields) }
    if (type === 'finish') end = 'proven'
    else if (end === 'none' && framing.test(type)) end = 'missing'
    const chunks = [fields as unknown as UIMessageChunk]
    if (type === 'abort') return { message, chunks, ending: { outcome: 'stopped' } }
    if (type === 'error' && typeof fields.errorText === 'string') {
      const code = isErrorCode(fields.code) ? fields.code : 'PRODUCER_ERROR'
      return {
        message,
        chunks,
        ending: { outcome: 'error', error: new ChannelError(code, fields.errorText) },
      }
    }
    return { message, chunks }
  }

  decode.closed = (): Closing =>
    end === 'missing' ? { outcome: 'error', error: new ChannelError('INCOMPLETE') } : { outcome: 'done' }
  return decode
}

/**
 * Gateways in front of a model report its failure inside the stream, in the shape of an error answer; frameworks, as
 * NestJS, as an event called `error`, whose data may be bare words.
 */
function failure(name: string, message: unknown, fields: Fields): { readonly ending?: Closing } {
  const { error } = fields
  const isReport = typeof error === 'object' && error !== null
  if (!isReport && name !== 'error') return {}
  const told = isReport ? [(error as Fields).message] : [message, fields.message, fields.msg, error]
  const text = told.find((one): one is string => typeof one === 'string' && one !== '')
  return { ending: { outcome: 'error', error: new ChannelError('PRODUCER_ERROR', text) } }
}
