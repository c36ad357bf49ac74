import type { Hub, Run, RunOptions } from '../hub/hub.js'
import type { Producer } from '../hub/producer.js'
import { ChannelError } from '../../core/channel-error.js'
import { traceParentOf } from './trace-parent.js'
import { ownerOf } from '../access/owner-of.js'
import type { BegunAnswer, Conversations, HistoryMessage } from '../conversations/conversations.js'
import { chatIdOf } from '../conversations/read-start.js'

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
  /**
   * With `conversations`: all that was said, from the first message to the new one, compacted; undefined where the body
   * names no conversation.
   */
  readonly messages?: readonly HistoryMessage[]
  /** With `conversations`: the id that the answer has so far. A producer that says `start` may repeat it. */
  readonly messageId?: string
}

/** A producer, alone or with what `hub.run` takes besides. */
export type Start = Producer | ({ readonly producer: Producer } & RunOptions)

/** Asks the application what to run and runs it once. The run belongs to whoever asks, whatever its metadata say. */
export async function runStart(
  hub: Hub,
  start: (request: StartRequest) => Start | Promise<Start>,
  request: StartRequest,
  namedBy: 'application' | 'client',
  conversations?: Conversations,
): Promise<Run> {
  const begun = await begin(conversations, request)
  let run: Run
  try {
    run = await ask(hub, start, { ...request, ...(begun && given(begun)) }, namedBy, begun !== undefined)
  } catch (error) {
    await begun?.undo()
    throw error
  }
  if (begun?.kind !== 'new') return run
  // Attached to what is somebody else's: none of that may come into this conversation.
  if (run.kind === 'started' || (await isOf(hub, run, request.userId))) begun.follow(run.ended)
  else await begun.undo()
  return run
}

async function isOf(hub: Hub, { channelId }: Run, userId: string | undefined): Promise<boolean> {
  const { metadata } = await hub.getInfo(channelId)
  return ownerOf(metadata.userId) === userId
}

const given = ({ messages, messageId }: BegunAnswer) => ({ messages, messageId })

async function begin(
  conversations: Conversations | undefined,
  { body, channelId, userId }: StartRequest,
): Promise<BegunAnswer | undefined> {
  const chatId = conversations && chatIdOf(body)
  if (chatId === undefined) return undefined
  if (userId === undefined)
    throw new ChannelError('UNAUTHORIZED', "A conversation is a user's, and nobody is named.")
  return conversations?.begin({ userId, chatId, channelId, body })
}

async function ask(
  hub: Hub,
  start: (request: StartRequest) => Start | Promise<Start>,
  request: StartRequest,
  namedBy: 'application' | 'client',
  isStored: boolean,
): Promise<Run> {
  const { channelId, userId, body, headers } = request
  const started = await start(request)
  const { producer, ...runOptions } = typeof started === 'function' ? { producer: started } : started
  const chatId = chatIdOf(body)
  const metadata = {
    ...runOptions.metadata,
    ...(userId !== undefined && { userId }),
    // Whoever goes on with the run, should this process die, finds the conversation by it.
    ...(isStored && { chatId }),
  }
  const chat = chatId === undefined ? undefined : { chatId, userId }
  return hub.run(channelId, producer, {
    chat,
    traceParent: traceParentOf(headers),
    ...runOptions,
    metadata,
    namedBy,
  })
}
