import type { PrepareRequest } from './request-body.js'

/**
 * For a server that keeps the conversation: a request holds the new message alone, and what it follows.
 * @example useChat({ url: 'https://api.example.com/chat', id: 'assistant', prepareRequest: onlyNewMessage })
 */
export const onlyNewMessage: PrepareRequest = ({ id, messages, trigger, messageId, answerId, body }) => {
  const message = messages[messages.length - 1]
  const before = messages[messages.length - 2]
  return {
    body: {
      ...body,
      id,
      message,
      parentId: before ? before.id : null,
      trigger,
      messageId,
      answerId,
    },
  }
}
