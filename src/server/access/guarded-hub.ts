import { ChannelError } from '../../core/channel-error.js'
import { parseCursor } from '../../core/cursor.js'
import { checkChannelId, checkProposedId, createChannelId, isChatId } from '../channel-id.js'
import type { Conversations } from '../conversations/conversations.js'
import type { ChannelInfo } from '../log/event-log.js'
import { nothingHeld } from '../limits/connection-limits.js'
import type { Hub, Opening, Sent, Stopped } from '../hub/hub.js'
import { runStart, type Start, type StartRequest } from '../http/start.js'
import type { AccessRequest } from './authorize.js'
import { createGate, type GateOptions, type Visitor } from './gate.js'

/** A request that may become a connection. */
export interface Visit extends AccessRequest {
  /** Calls once when its client is gone or its answer is over; at once if that has been. */
  onOver(listener: () => void): void
}

/** A channel that somebody may read. */
export interface Admitted {
  readonly opening: Opening
  /** Opens it again from its earliest event, for the same visitor. */
  reopen(): Promise<Opening>
  /** When their credentials expire, in milliseconds since 1970. */
  readonly expiresAt: number | undefined
}

/**
 * A hub as clients get at it, whatever they come over: everything is asked of the gate first.
 *
 * What belongs to another user does not exist: reading, stopping and sending are answered with CHANNEL_NOT_FOUND, as
 * if there were nothing. Only a start that proposes a taken id hears FORBIDDEN; ids that clients propose cannot be
 * guessed. All throw what `authorize` throws, and RATE_LIMITED.
 */
export interface GuardedHub {
  /** @param proposed the client's id. @param body read once the visitor is let in */
  start(
    request: Visit,
    proposed: string | undefined,
    body: () => Promise<unknown>,
  ): Promise<{ readonly channelId: string; open(): Promise<Admitted> }>
  read(request: Visit, id: string, after: string | undefined): Promise<Admitted>
  /**
   * As `read`, for clients that know the chat and not the channel: where no channel has this id, the newest run of the
   * chat that has, if it is still going. Undefined: nothing runs there, or there is no such chat.
   */
  readChat(request: Visit, id: string): Promise<Admitted | undefined>
  /** A channel, or the newest run of a chat of this id. */
  stop(request: AccessRequest, id: string): Promise<Stopped>
  /** @param body read once the visitor is let in: `{ data }` */
  send(request: AccessRequest, id: string, body: () => Promise<unknown>): Promise<Sent>
  /** Of all users. */
  list(request: AccessRequest, status: 'active' | 'expired'): Promise<readonly ChannelInfo[]>
}

export interface GuardedHubOptions extends GateOptions {
  readonly start: (request: StartRequest) => Start | Promise<Start>
  readonly conversations?: Conversations | undefined
}

/** Clients are told no more exactly, and no more, than they need: how long a process has run is not theirs to know. */
const KEPT_STEP_MS = 10_000
const KEPT_MOST_MS = 3_600_000

export function createGuardedHub(
  hub: Hub,
  { start, conversations, ...gateOptions }: GuardedHubOptions,
): GuardedHub {
  const gate = createGate(hub, gateOptions)

  // The same of a channel that belongs to others, which does not exist either.
  function missing(): ChannelError {
    const exactMs = Math.min(hub.keptMs() ?? 0, KEPT_MOST_MS)
    const keptMs = exactMs - (exactMs % KEPT_STEP_MS)
    return new ChannelError('CHANNEL_NOT_FOUND', undefined, keptMs > 0 ? { keptMs } : {})
  }

  /** Before a start is run: one whose answer cannot be read must not be paid for. */
  function hold(request: Visit, { userId, address }: Visitor) {
    const release = hub.hold({ userId, address })
    if (release !== nothingHeld) request.onOver(release)
  }

  async function find(visitor: Visitor, channelId: string): Promise<ChannelInfo> {
    const channel = await hub.getInfo(channelId).catch((error: unknown) => {
      throw codeOf(error) === 'CHANNEL_NOT_FOUND' ? missing() : error
    })
    if (visitor.mayUse(channel)) return channel
    throw missing()
  }

  async function open(visitor: Visitor, channelId: string, after?: string): Promise<Opening> {
    // Before anything of it is read: how long that takes would tell that there is something.
    if (!visitor.mayUseAll) await find(visitor, channelId)
    try {
      const opening = await hub.open(channelId, after)
      if (visitor.mayUse(opening.channel)) return opening
    } catch (error) {
      // A cursor beyond the tail tells that there is a tail.
      if (codeOf(error) === 'CURSOR_AHEAD') await find(visitor, channelId)
      throw codeOf(error) === 'CHANNEL_NOT_FOUND' ? missing() : error
    }
    throw missing()
  }

  async function admit(visitor: Visitor, channelId: string, after?: string): Promise<Admitted> {
    const found = await open(visitor, channelId, after)
    const opening = after === undefined ? fromItsBeginning(found) : found
    return { opening, reopen: () => open(visitor, channelId), expiresAt: visitor.expiresAt }
  }

  async function newestRun({ userId }: Visitor, chatId: string): Promise<string | undefined> {
    return isChatId(chatId) ? hub.newestRun({ chatId, userId }) : undefined
  }

  /** Whatever else is wrong with a start: an id that another user has is refused as just that. */
  async function refuseForeign(visitor: Visitor, channelId: string): Promise<void> {
    const channel = await hub.getInfo(channelId).catch((error: unknown) => {
      if (codeOf(error) !== 'CHANNEL_NOT_FOUND') throw error
    })
    if (channel && !visitor.mayUse(channel))
      throw new ChannelError('FORBIDDEN', 'This id cannot be used. Propose another.')
  }

  return {
    async start(request, proposed, body) {
      const channelId = proposed === undefined ? createChannelId() : checkProposedId(proposed)
      const visitor = await gate.enter(request, { action: 'start', channelId })
      hold(request, visitor)
      const { headers, query } = request
      const startRequest = { body: await body(), headers, query, channelId, userId: visitor.userId }
      try {
        const { kind } = await runStart(
          hub,
          start,
          startRequest,
          proposed === undefined ? 'application' : 'client',
          conversations,
        )
        if (kind === 'attached') await refuseForeign(visitor, channelId)
      } catch (error) {
        if (proposed !== undefined && error instanceof ChannelError) await refuseForeign(visitor, channelId)
        throw error
      }
      return { channelId, open: () => admit(visitor, channelId) }
    },

    async read(request, id, after) {
      const channelId = checkChannelId(id)
      const visitor = await gate.enter(request, { action: 'read', channelId })
      hold(request, visitor)
      return admit(visitor, channelId, after)
    },

    async readChat(request, id) {
      const channelId = checkChannelId(id)
      const visitor = await gate.enter(request, { action: 'read', channelId })
      hold(request, visitor)
      const named = await unlessMissing(admit(visitor, channelId))
      if (named) return named
      const newest = await newestRun(visitor, channelId)
      const admitted = newest === undefined ? undefined : await unlessMissing(admit(visitor, newest))
      return admitted?.opening.channel.status === 'active' ? admitted : undefined
    },

    async stop(request, id) {
      const channelId = checkChannelId(id)
      const visitor = await gate.enter(request, { action: 'stop', channelId })
      if (await unlessMissing(find(visitor, channelId))) return hub.stop(channelId)
      const newest = await newestRun(visitor, channelId)
      if (newest === undefined) throw missing()
      await find(visitor, newest)
      return hub.stop(newest)
    },

    async send(request, id, body) {
      const channelId = checkChannelId(id)
      const visitor = await gate.enter(request, { action: 'write', channelId })
      const message = (await body()) as { readonly data?: unknown } | null
      if (message?.data === undefined) throw new ChannelError('BAD_REQUEST', 'Send {"data": …}.')
      await find(visitor, channelId)
      return hub.send({ channelId, data: message.data }).catch((error: unknown) => {
        // What the channel's format does not take is here not an option of ours.
        throw codeOf(error) === 'BAD_OPTIONS'
          ? new ChannelError('BAD_REQUEST', (error as ChannelError).message)
          : error
      })
    },

    async list(request, status) {
      await gate.enter(request, { action: 'admin', channelId: undefined })
      return status === 'active' ? hub.listActive() : hub.listExpired()
    },
  }
}

/** Half an answer must not look like a whole one. Of what is no run the newest is what a visitor comes for. */
function fromItsBeginning(opening: Opening): Opening {
  const { channel } = opening
  const first = parseCursor(channel.earliest ?? '')?.seq ?? 0
  return opening.kind === 'ready' && channel.kind !== 'feed' && first > 0 ? { kind: 'gap', channel } : opening
}

/** Undefined where there is no such channel, or none for this visitor. */
function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: unknown) => {
    if (codeOf(error) !== 'CHANNEL_NOT_FOUND') throw error
    return undefined
  })
}

const codeOf = (error: unknown) => (error instanceof ChannelError ? error.code : undefined)
