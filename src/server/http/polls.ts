import { ChannelError } from '../../core/channel-error.js'
import type { ChannelEvent } from '../../core/channel-event.js'
import type { ChannelInfo } from '../log/event-log.js'
import type { Hub, ReadyOpening } from '../hub/hub.js'
import type { Subscription, SubscriptionEnd } from '../hub/subscription.js'
import type { Exchange } from './exchange.js'
import { toProblem, type Problem } from './problem.js'

/** The body of a long poll's answer. @see docs/protocol.md#long-poll */
export interface PollBatch {
  readonly channelId: string
  readonly events: readonly ChannelEvent[]
  /** After the last event of this answer; null when none was read yet. */
  readonly cursor: string | null
  /** The run has ended and nothing comes after these events. */
  readonly ended: boolean
}

const DEFAULT_WAIT_MS = 25_000

/** Proxies cut a silent request after a minute at the latest, many after half of it. */
const MAX_WAIT_MS = 30_000

/** How long a request without news is held: `waitMs` of its query. 0 answers at once. */
export function waitOf(query: URLSearchParams): number {
  const wanted = query.get('waitMs')
  if (wanted === null) return DEFAULT_WAIT_MS
  if (!/^\d{1,9}$/.test(wanted)) throw new ChannelError('BAD_REQUEST', 'waitMs takes milliseconds.')
  return Math.min(Number(wanted), MAX_WAIT_MS)
}

export interface Poll {
  readonly opening: ReadyOpening
  readonly after: string | undefined
  readonly waitMs: number
}

/** The long polls of one handler that wait for news. */
export interface Polls {
  /** Answers with what is behind the cursor, at once or when it comes, or with nothing when the wait is over. */
  serve(exchange: Exchange, poll: Poll, answer: (problem: Problem) => void): void
  /** Answers all that wait. */
  close(): void
}

export function createPolls(hub: Hub): Polls {
  const waiting = new Set<() => void>()

  function serve(exchange: Exchange, { opening, after, waitMs }: Poll, answer: (to: Problem) => void) {
    if (exchange.isClosed()) return
    const { channel } = opening
    const reply = (events: readonly ChannelEvent[], ended: boolean) => {
      if (!leave()) return
      const cursor = events[events.length - 1]?.id ?? after ?? null
      answer(toReply(200, { channelId: channel.channelId, events, cursor, ended }))
    }
    const expire = () => reply([], false)
    const timer = setTimeout(expire, waitMs)
    const subscription: Subscription = opening.subscribe({
      batch({ events, ended }) {
        reply(events, ended)
        return false
      },
      end: (end) => refuse(end),
    })

    function leave(): boolean {
      clearTimeout(timer)
      subscription.close()
      return waiting.delete(expire)
    }

    function refuse(end: SubscriptionEnd) {
      if (end.kind === 'ended') return reply([], true)
      if (!leave()) return
      if (end.kind === 'failed') hub.report(end.error, channel.channelId)
      answer(problemOf(end))
    }

    waiting.add(expire)
    exchange.onClose(leave)
  }

  return {
    serve,
    close() {
      for (const expire of [...waiting]) expire()
    },
  }
}

function problemOf(end: Exclude<SubscriptionEnd, { kind: 'ended' }>): Problem {
  if (end.kind === 'gap') return toProblem(new ChannelError('HISTORY_EXPIRED'), end.channel)
  return toProblem(end.kind === 'gone' ? new ChannelError('CHANNEL_NOT_FOUND') : end.error)
}

/** @param status 202 for a start, of which nothing is known yet but its id */
export function toReply(status: number, batch: PollBatch): Problem {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-channel-id': batch.channelId,
  }
  return { status, headers, body: JSON.stringify(batch) }
}

/** A channel that was read to its end. */
export function drainedReply({ channelId, last }: ChannelInfo): Problem {
  return toReply(200, { channelId, events: [], cursor: last, ended: true })
}
