import type { UIMessageChunk } from '../../messages/chunk.js'
import { openAIResponses } from '../../vendors/openai-responses.js'
import { resumable, type Resumable } from '../hub/resumable.js'
import type { ChatInput } from './chat-input.js'
import type { OpenAIModelOptions } from './openai-model.js'
import { relayed } from './relay.js'

/** What `openAIModel()` takes, for responses that go on at OpenAI without a connection. */
export interface BackgroundResponsesOptions extends OpenAIModelOptions {
  /** Permanent, see `resumable`. Default `openai-responses`. */
  readonly name?: string
}

/**
 * OpenAI's Responses in background mode: the model works on at OpenAI's when this process dies, and another one reads
 * the answer from there, behind what is written. Name it in `createHub({ resumable: […] })`.
 *
 * A process that dies between its request and the first event leaves an answer at OpenAI's that nobody knows; then it is
 * asked anew, and that one is paid for, too.
 * @param options as of `openAIModel`; `baseUrl` is up to and without `/responses`
 * @see https://platform.openai.com/docs/guides/background
 */
export function backgroundResponses(
  options: BackgroundResponsesOptions,
): Resumable<ChatInput, UIMessageChunk> {
  const { name = 'openai-responses', baseUrl, apiKey, model, parameters = {}, timeouts } = options
  const url = `${baseUrl.replace(/\/+$/, '')}/responses`
  return resumable<ChatInput, UIMessageChunk>(name, async function* (context) {
    const { input, written } = context
    const id = responseIdOf(written)
    const body = { model, input: input.messages, ...parameters, stream: true, background: true, store: true }
    const headers = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
    const asked = { vendor: openAIResponses, url, headers, body, ...(timeouts && { timeouts }) }
    const again = id === undefined ? undefined : `${url}/${encodeURIComponent(id)}?stream=true`
    // The same events are translated to the same chunks: those that are written are the first of them.
    let known = written.length
    for await (const chunk of relayed(asked, context, again)) {
      if (known > 0) known--
      else yield chunk
    }
  })
}

function responseIdOf(written: readonly UIMessageChunk[]): string | undefined {
  for (const chunk of written) {
    const { responseId } = (chunk.type === 'message-metadata' ? chunk.messageMetadata : {}) as {
      readonly responseId?: unknown
    }
    if (typeof responseId === 'string') return responseId
  }
  return undefined
}
