import { messageText, type ChatMessage } from '../../src/index.js'

/** A line a message: whose it is, its text, and how it stands where it is an answer. */
export const said = (messages: readonly ChatMessage[]) =>
  messages.map((message) => `${message.role}: ${messageText(message)} ${message.status ?? ''}`.trim())
