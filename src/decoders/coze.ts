import type { Decoder } from './decoder.js'
import { appended, done, failed, fieldsOf, vendorDecoder } from './vendor-decoder.js'

/**
 * 扣子 Coze, chat v3. Follow-up questions are parts of the type `data-follow-up`. Behind a gateway of yours: a token
 * never belongs into an app.
 * @see https://docs.coze.cn/developer_guides/chat_v3
 */
export const cozeDecoder: Decoder = vendorDecoder(() => (fields, event) => {
  const { type, content, reasoning_content: reasoning, id } = fields
  switch (event.type) {
    case 'conversation.message.delta':
      return {
        chunks: [
          ...appended('reasoning', reasoning),
          ...(type === 'answer' ? appended('text', content) : []),
        ],
      }
    // The whole text of what came in pieces: only what comes in no pieces is news.
    case 'conversation.message.completed':
      if (type !== 'follow_up') return {}
      return {
        chunks: [{ type: 'data', name: 'follow-up', id: String(id), data: content }],
      }
    case 'conversation.chat.failed':
      return { ending: failed(fieldsOf(fields.last_error).msg) }
    case 'error':
      return { ending: failed(fields.msg) }
    case 'done':
      return { ending: done }
    default:
      return {}
  }
})
