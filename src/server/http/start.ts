import type { Hub, Run, RunOptions } from '../hub.js'
import type { Producer } from '../producer.js'
import { isChatId } from '../channel-id.js'

/** A start, the same for every kind of server. */
export interface StartRequest {
  /** The parsed JSON. Anything a client can send: validate it. */
  readonly body: unknown
  /** Names in lower case; values that came more than once are joined as Node joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  /** The id the run will have. */
  readonly channelId: string
  /** Who asks, as `authorize` said. */
  readonly userId: string | undefined
}

/** A producer, alone or with what `hub.run` takes besides. */
export type Start = Producer | ({ readonly producer: Producer } & RunOptions)

/** Asks the application what to run and runs it once. The run belongs to whoever asks, whatever its metadata say. */
export async function runStart(
  hub: Hub,
  start: (request: StartRequest) => Start | Promise<Start>,
  request: StartRequest,
  namedBy: 'application' | 'client',
): Promise<Run> {
  const { channelId, userId, body } = request
  const started = await start(request)
  const { producer, ...runOptions } = typeof started === 'function' ? { producer: started } : started
  const metadata = { ...runOptions.metadata, ...(userId !== undefined && { userId }) }
  const chatId = chatIdOf(body)
  const chat = chatId === undefined ? undefined : { chatId, userId }
  return hub.run(channelId, producer, { chat, ...runOptions, metadata, namedBy })
}

/** Chat clients name the conversation in the body of a start: `{ id, messages, … }`, as the AI SDK has it. */
function chatIdOf(body: unknown): string | undefined {
  const { id, messages } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return Array.isArray(messages) && isChatId(id) ? id : undefined
}
