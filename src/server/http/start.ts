import type { Visitor } from '../access/gate.js'
import type { Hub, RunOptions } from '../hub.js'
import type { Producer } from '../producer.js'

/** A start, the same for every kind of server. */
export interface StartRequest {
  /** The parsed JSON. Anything a client can send: validate it. */
  readonly body: unknown
  /** Names in lower case; values that came more than once are joined as Node joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  /** The id the run will have. */
  readonly channelId: string
}

/** A producer, alone or with what `hub.run` takes besides. */
export type Start = Producer | ({ readonly producer: Producer } & RunOptions)

/**
 * Asks the application what to run and runs it once. The run belongs to the visitor unless its metadata say otherwise.
 * @throws {ChannelError} FORBIDDEN when it exists already and belongs to another user
 */
export async function runStart(
  hub: Hub,
  start: (request: StartRequest) => Start | Promise<Start>,
  request: StartRequest,
  visitor: Visitor,
): Promise<void> {
  const started = await start(request)
  const { producer, ...runOptions } = typeof started === 'function' ? { producer: started } : started
  const owner = visitor.userId === undefined ? {} : { userId: visitor.userId }
  const metadata = { ...owner, ...runOptions.metadata }
  const { kind } = await hub.run(request.channelId, producer, { ...runOptions, metadata })
  if (kind === 'attached') visitor.mayUse(await hub.getInfo(request.channelId))
}
