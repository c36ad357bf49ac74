import { ChannelError } from '../../../core/channel-error.js'

/** What does not work with Redis, and what to do about it, in the words of whoever uses it. */
export interface Troubles {
  /** Nothing came, in time: it may be away, or too slow, or the line may. */
  unanswered(cause: unknown): ChannelError
  unwritable(cause: unknown): ChannelError
  /** For good: a user who may not, a command that it does not have. */
  refused(cause: unknown): ChannelError
  full(cause?: unknown): ChannelError
  closed(): ChannelError
}

/** @param who as a sentence begins with it: `The event log` */
export function troublesOf(who: string): Troubles {
  const failed = (why: string, fix: string, cause?: unknown) =>
    new ChannelError('SERVER_ERROR', `${why} ${fix}`, { cause })

  return {
    unanswered: (cause) =>
      failed(
        `${who} gets no answer from Redis.`,
        'See that it runs and is not too slow (SLOWLOG), that this process may reach it, and that connection names it; then it goes on by itself.',
        cause,
      ),
    unwritable: (cause) =>
      failed(
        'Redis cannot be written.',
        'It is a replica, is loading, or cannot save: the cause says which. Let connection name its master; else it goes on by itself.',
        cause,
      ),
    refused: (cause) =>
      failed(
        `${who}: Redis refused a command.`,
        'The cause says why. NOPERM, NOAUTH: give its user the rights to scripts and to the keys of prefix. Unknown commands or flags: Redis 7 or later is needed.',
        cause,
      ),
    full: (cause) =>
      new ChannelError(
        'SERVER_BUSY',
        `The memory of Redis is full. ${who} writes again when there is room: raise maxmemory, or keep less in it.`,
        { cause },
      ),
    closed: () => failed(`${who} is closed.`, 'Close it last, after the handlers and the hub.'),
  }
}
