import { ChannelError, toChannelError } from '../../core/channel-error.js'
import { parseCursor } from '../../core/cursor.js'
import { checkChannelId, createChannelId } from '../channel-id.js'
import type { ChannelInfo, EndedStatus, NewChannel } from '../log/event-log.js'
import { filterDeep } from '../filter/chunk-filter.js'
import { createFeeds } from './feed.js'
import { createHubStats } from './hub-stats.js'
import type { BatchResult, ChatName, Hub, HubOptions, Message, Opening, Sent, Stopped } from './hub.js'
import { createConnectionLimits } from '../limits/connection-limits.js'
import { createLimitChecks } from '../limits/hub-limits.js'
import { readChannel } from './read-channel.js'
import { resumeOf } from './resumable.js'
import { createRuns } from './runs.js'
import { json, uiMessageStream, type Ending, type StreamFormat } from './stream-format.js'
import type { Observer, Signal } from './signal.js'
import { PAGE, subscribe } from './subscription.js'
import { within } from '../within.js'

/** Channels and the producers that fill them. */
export function createHub(options: HubOptions): Hub {
  const { log, format: defaultFormat = uiMessageStream, onError = warn, filter, resumable = [] } = options
  const limits = createLimitChecks(options.limits)
  const connections = createConnectionLimits(options.limits)
  const formats = new Map([json, uiMessageStream, defaultFormat].map((format) => [format.name, format]))
  const feeds = createFeeds(log)
  const stats = createHubStats()
  const observers = new Set<Observer>()
  let state: 'open' | 'draining' | 'closed' = 'open'
  const isOpen = () => state === 'open'
  const runs = createRuns({
    ...{ log, limits, filter, resumable, report, tell },
    formatOf: (name) => formats.get(name),
    count: (bytes) => stats.count(bytes),
  })

  function tell(signal: Signal) {
    for (const observer of [...observers]) observer(signal)
  }

  function report(error: ChannelError, channelId?: string) {
    onError(error, { channelId })
    tell({ kind: 'error', error, channelId })
  }

  function formatOf(channel: ChannelInfo): StreamFormat {
    const format = formats.get(channel.format)
    if (format) return format
    throw new ChannelError('BAD_OPTIONS', `This hub does not know the format "${channel.format}".`)
  }

  async function getInfo(channelId: string): Promise<ChannelInfo> {
    const info = await log.info(channelId)
    if (!info) throw new ChannelError('CHANNEL_NOT_FOUND')
    return info
  }

  async function send({ channelId, data }: Message): Promise<Sent> {
    const channel = await getLive(channelId)
    if (isRun(channel)) throw new ChannelError('BAD_REQUEST', 'Only its producer writes to a run.')
    await limits.sending(channelId, channel.metadata.userId)
    const event = limits.check(formatOf(channel).chunk(filter ? filterDeep(filter, data) : data))
    const [id = ''] = await log.append(channelId, [event])
    stats.count(Buffer.byteLength(event.data))
    return { channelId, id }
  }

  async function getLive(channelId: string): Promise<ChannelInfo> {
    const info = await getInfo(channelId)
    if (info.status === 'expired') throw new ChannelError('CHANNEL_NOT_FOUND')
    return info
  }

  async function end(channel: ChannelInfo, ending: Ending): Promise<Stopped> {
    const { channelId } = channel
    const run = runs.get(channelId)
    if (run) await run.end(ending)
    // As its creation said: this process may not know its format.
    else if (channel.status === 'active') return { channelId, status: await log.finish(channelId) }
    const { status } = (await log.info(channelId)) ?? { status: 'expired' }
    return { channelId, status }
  }

  /** A name of the application's is its own, whoever came before: a client's run of that name is stopped and goes. */
  async function claim(channel: NewChannel): Promise<ChannelInfo> {
    const { channelId, kind } = channel
    for (let tries = 1; ; tries++) {
      try {
        return await log.create(channel)
      } catch (error) {
        const isTaken = error instanceof ChannelError && error.code === 'CHANNEL_EXISTS'
        if (!isTaken || kind === 'client-run' || tries === CLAIMS) throw error
        // Asked for before the look: one that is begun since is not the client's.
        const run = runs.get(channelId)
        const other = await log.info(channelId)
        if (other && other.kind !== 'client-run') throw error
        // Without an end: a reader of the client's run is to see nothing under a name that is not the client's.
        run?.abandon()
        if (other) await log.remove(channelId, other.epoch)
      }
    }
  }

  async function whenEnded(channelId: string): Promise<EndedStatus> {
    const status = await new Promise<EndedStatus | undefined>((resolve) => log.onEnd(channelId, resolve))
    // What a run of this process failed of is reported first.
    await new Promise(setImmediate)
    // Undefined: the log was closed under it.
    return status ?? 'expired'
  }

  async function open(channelId: string, after?: string): Promise<Opening> {
    const cursor = after === undefined ? undefined : parseCursor(after)
    if (after !== undefined && !cursor) throw new ChannelError('BAD_CURSOR')
    const page = await log.read(channelId, cursor, PAGE)
    if (page.kind === 'none') throw new ChannelError('CHANNEL_NOT_FOUND')
    if (page.kind === 'ahead') throw new ChannelError('CURSOR_AHEAD')
    const { channel } = page
    if (page.kind === 'gap') return { kind: 'gap', channel }
    const { batch } = page
    if (batch.ended && batch.events.length === 0) return { kind: 'drained', channel }
    return {
      kind: 'ready',
      channel,
      subscribe: (sink) => subscribe({ log, feeds, channel, first: batch }, sink, stats.connect()),
    }
  }

  return {
    async create({ channelId = createChannelId(), timeout = 3600, metadata = {}, format = json } = {}) {
      if (!(timeout > 0)) throw new ChannelError('BAD_OPTIONS', 'timeout is a number of seconds above 0.')
      formats.set(format.name, format)
      return claim({
        channelId: checkChannelId(channelId),
        kind: 'feed',
        format: format.name,
        metadata,
        quota: limits.quota(metadata.userId),
        timeoutMs: timeout * 1000,
        tombstone: 'replace',
        ifFinished: format.end({ outcome: 'done' }),
      })
    },

    send,

    batchSend: (messages) =>
      Promise.all(
        messages.map(async (message): Promise<BatchResult> => {
          try {
            return { ok: true, ...(await send(message)) }
          } catch (thrown) {
            const error = thrown instanceof ChannelError ? thrown : new ChannelError('SERVER_ERROR')
            if (error !== thrown) report(new ChannelError('SERVER_ERROR', undefined, { cause: thrown }))
            return { ok: false, channelId: message.channelId, error }
          }
        }),
      ),

    getInfo,
    listActive: () => log.list('active'),
    listExpired: () => log.list('expired'),

    async close(channelId) {
      const channel = await getInfo(channelId)
      if (channel.status === 'expired') {
        await log.remove(channelId, channel.epoch)
        return { channelId, status: 'expired' }
      }
      return end(channel, { outcome: isRun(channel) ? 'stopped' : 'done' })
    },

    async getStats() {
      return stats.snapshot(await log.countActive())
    },

    async run(proposed, producer, options = {}) {
      const { metadata = {}, format = defaultFormat, chat, namedBy = 'application', traceParent } = options
      const channelId = checkChannelId(proposed ?? createChannelId())
      if (!isOpen()) throw new ChannelError('SERVER_BUSY', 'This server is going down.')
      runs.check(producer)
      formats.set(format.name, format)
      const ifLost = format.end({ outcome: 'error', error: new ChannelError('PRODUCER_LOST') })
      const quota = limits.quota(metadata.userId)
      const kind = namedBy === 'client' ? 'client-run' : 'run'
      const ifFinished = format.end({ outcome: 'stopped' })
      const spec = {
        channelId,
        kind,
        format: format.name,
        metadata,
        ifLost,
        ifFinished,
        resume: resumeOf(producer),
        quota,
      } as const
      const waiting = limits.starting(metadata.userId)
      if (waiting) await waiting
      try {
        await claim({ ...spec, timeoutMs: Infinity, tombstone: 'refuse' })
      } catch (error) {
        if (!(error instanceof ChannelError) || error.code !== 'CHANNEL_EXISTS') throw error
        if (!isRun(await getLive(channelId)))
          throw new ChannelError('BAD_REQUEST', 'A channel of this id exists that no run fills.')
        return { channelId, kind: 'attached', ended: whenEnded(channelId) }
      }
      // Before the producer begins: whoever asks by the chat must not be sent to the answer before this one.
      if (chat)
        await log
          .point(nameOf(chat), channelId)
          .catch((error: unknown) => report(toLogError(error), channelId))
      const run = runs.begin({ channelId, format, metadata, producer, traceParent })
      // The shutdown came while it was being created: its producer is not begun.
      if (!isOpen()) await run.end({ outcome: 'error', error: new ChannelError('PRODUCER_LOST') })
      return { channelId, kind: 'started', ended: whenEnded(channelId) }
    },

    newestRun: (chat) => log.pointed(nameOf(chat)),

    async stop(channelId) {
      // At once for a run of this process: its producer must not wait for the log.
      const stopping = runs.get(channelId)?.end({ outcome: 'stopped' })
      const channel = await getLive(channelId)
      if (!isRun(channel)) {
        throw new ChannelError('BAD_REQUEST', 'No producer fills this channel, so there is nothing to stop.')
      }
      await stopping
      return end(channel, { outcome: 'stopped' })
    },

    open,
    read: (channelId, readOptions = {}) => readChannel(log, channelId, readOptions),
    headersOf: (name) => formats.get(name)?.headers ?? {},
    take: limits.take,
    hold: connections.hold,
    report,
    tell,

    observe(observer) {
      observers.add(observer)
      return () => observers.delete(observer)
    },

    keptMs: () => log.keptMs?.(),
    isReady: async () =>
      isOpen() &&
      (await within(
        READY_MS,
        false,
        (log.ready ? log.ready() : log.info(createChannelId())).then(
          () => true,
          () => false,
        ),
      )),

    async shutdown({ drainMs = 0 } = {}) {
      if (drainMs > 0 && state === 'open' && runs.ids().length > 0) {
        state = 'draining'
        await within(drainMs, undefined, Promise.all(runs.ids().map(whenEnded)))
      }
      state = 'closed'
      await within(SHUTDOWN_MS, undefined, runs.leave())
      // Readers of this process get the ends with the next turn, before their handler lets go of them.
      await new Promise(setImmediate)
    },
  }
}

/** How often a name is taken back from clients that take it again meanwhile. */
const CLAIMS = 5

/** How long a log may take to answer before the hub is not ready, in milliseconds. */
const READY_MS = 1_000

/** How long a process that goes waits for a log that is away, in milliseconds: its readers must still be handed over. */
const SHUTDOWN_MS = 2_000

const isRun = ({ kind }: ChannelInfo) => kind !== 'feed'

/** JSON keeps the two apart, whatever is in them. */
const nameOf = ({ chatId, userId }: ChatName) => JSON.stringify(['chat', userId ?? null, chatId])

const toLogError = (error: unknown) => toChannelError(error, 'SERVER_ERROR')

function warn(error: ChannelError, { channelId }: { readonly channelId: string | undefined }) {
  const cause = error.cause instanceof Error ? `\n${error.cause.stack}` : ''
  process.emitWarning(
    `${error.code} in channel ${channelId ?? '(none)'}: ${error.message}${cause}`,
    'ChannelError',
  )
}
