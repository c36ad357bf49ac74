import type { Producer } from '../producer.js'
import type { UIMessageChunk } from '../stream-format.js'
import type { ChatInput } from './chat-input.js'
import { createCompletionMapper } from './completion-mapper.js'
import { openCompletion, type Upstream } from './open-completion.js'

export interface OpenAIModelOptions {
  /** Up to and without `/chat/completions`: `https://api.openai.com/v1`. */
  readonly baseUrl: string
  /** Sent as a bearer token to `baseUrl` and nowhere else. Empty for an endpoint that wants none. */
  readonly apiKey: string
  readonly model: string
  /** More fields of the request: `temperature`, `max_tokens`, `stream_options`… */
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly timeouts?: {
    /** Until the first byte of the answer's body, in milliseconds. Default 30,000; `Infinity` switches it off. */
    readonly firstByteMs?: number
    /** Between two pieces of it, in milliseconds. Default 60,000; `Infinity` switches it off. */
    readonly idleMs?: number
  }
}

/**
 * Relays the stream of an OpenAI-compatible chat completion as UI message stream chunks: reasoning, text, usage.
 * Fails with a text that is safe for clients; what the endpoint said is in `cause`, without the key.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function openAIModel(options: OpenAIModelOptions): (input: ChatInput) => Producer<UIMessageChunk> {
  const { baseUrl, apiKey, model, parameters = {}, timeouts = {} } = options
  const { firstByteMs = 30_000, idleMs = 60_000 } = timeouts
  const upstream: Upstream = {
    url: `${baseUrl.replace(/\/+$/, '')}/chat/completions`,
    apiKey,
    firstByteMs,
    idleMs,
  }
  return ({ messages }) =>
    async function* openai({ channelId, signal }) {
      const mapper = createCompletionMapper()
      const stream = { stream: true, stream_options: { include_usage: true } }
      yield { type: 'start', messageId: channelId }
      for await (const data of openCompletion(
        upstream,
        { model, messages, ...stream, ...parameters },
        signal,
      )) {
        yield* mapper.map(data)
      }
      yield* mapper.end()
    }
}
