import type { UIMessageChunk } from '../../messages/chunk.js'
import { openAI } from '../../vendors/openai.js'
import type { Producer } from '../hub/producer.js'
import type { ChatInput } from './chat-input.js'
import { relay, type RelayOptions } from './relay.js'

/** What `openAIModel()` takes: where the model is, and which one. */
export interface OpenAIModelOptions extends Pick<RelayOptions, 'timeouts'> {
  /** Up to and without `/chat/completions`: `https://api.openai.com/v1`. */
  readonly baseUrl: string
  /** Sent as a bearer token to `baseUrl` and nowhere else. Empty for an endpoint that wants none. */
  readonly apiKey: string
  readonly model: string
  /** More fields of the request: `temperature`, `max_tokens`, `stream_options`… */
  readonly parameters?: Readonly<Record<string, unknown>>
}

/**
 * Relays the stream of an OpenAI-compatible chat completion: text, reasoning, tool calls, usage.
 * @see relay
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function openAIModel(options: OpenAIModelOptions): (input: ChatInput) => Producer<UIMessageChunk> {
  const { baseUrl, apiKey, model, parameters = {}, timeouts } = options
  const stream = { stream: true, stream_options: { include_usage: true } }
  return ({ messages }) =>
    relay({
      vendor: openAI,
      url: `${baseUrl.replace(/\/+$/, '')}/chat/completions`,
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      body: { model, messages, ...stream, ...parameters },
      ...(timeouts && { timeouts }),
    })
}
