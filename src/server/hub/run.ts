import { ChannelError, toChannelError } from '../../core/channel-error.js'
import type { ErrorCode } from '../../core/error-codes.js'
import { createAppendWindow } from './append-window.js'
import type { EventDraft, EventLog, Outcome } from '../log/event-log.js'
import type { ChunkFilter } from '../filter/chunk-filter.js'
import { drain, type Producer } from './producer.js'
import type { Ending, StreamFormat } from './stream-format.js'

export interface RunParts {
  readonly log: EventLog
  readonly channelId: string
  readonly format: StreamFormat
  readonly metadata: Readonly<Record<string, unknown>>
  readonly producer: Producer
  readonly report: (error: ChannelError, channelId: string) => void
  /** Called for every event written, with the size of its data in bytes. */
  readonly count: (bytes: number) => void
  /** @throws {ChannelError} EVENT_TOO_LARGE, BAD_OPTIONS */
  readonly check: (event: EventDraft) => EventDraft
  readonly filter: ChunkFilter | undefined
}

/** A producer at work in this process. */
export interface ActiveRun {
  /**
   * Aborts the producer at once and writes the end to the log. Later calls wait for the first.
   * False when the run had been ended elsewhere.
   */
  end(ending: Ending): Promise<boolean>
  /** Aborts the producer and writes nothing more: the channel is another's. */
  abandon(): void
  /** The same, because another process goes on. Resolves when what the producer gave has arrived, or never will. */
  handOver(): Promise<void>
}

/** How a run of this process is over; `moved`: another process goes on with it. */
export type RunOutcome = Outcome | 'moved'

/**
 * Fills a channel that exists. `onOver` is called once with how it ended, as soon as no more chunk is taken; of an error
 * with its code, where this process knows it.
 */
export function startRun(
  parts: RunParts,
  onOver: (outcome: RunOutcome, code: ErrorCode | undefined) => void,
): ActiveRun {
  const { log, channelId, format, metadata, producer, report, count, check, filter } = parts
  const abort = new AbortController()
  const window = createAppendWindow()
  let state: 'running' | 'over' = 'running'
  let endWritten = Promise.resolve(false)
  let failure: { readonly error: unknown } | undefined
  const isOver = () => state === 'over'
  // Another node's stop, expiry or removal: this process hears of it from the log.
  const unwatch = log.onEnd(channelId, (status) =>
    leave(status === 'done' || status === 'error' ? status : 'stopped'),
  )

  function leave(outcome: RunOutcome, code?: ErrorCode) {
    if (state === 'over') return
    state = 'over'
    unwatch()
    onOver(outcome, code)
    if (outcome === 'moved')
      abort.abort(new ChannelError('SERVER_BUSY', 'Another process goes on with the run.'))
    else if (outcome !== 'done') abort.abort(new ChannelError('CHANNEL_CLOSED', 'The run has ended.'))
  }

  function end(ending: Ending): Promise<boolean> {
    if (state === 'running') {
      leave(ending.outcome, ending.outcome === 'error' ? ending.error.code : undefined)
      endWritten = writeEnd(ending)
    }
    return endWritten
  }

  async function writeEnd(ending: Ending): Promise<boolean> {
    try {
      const events = [...held(), ...format.end(ending)]
      await log.append(channelId, events, ending.outcome)
      for (const event of events) count(Buffer.byteLength(event.data))
      return true
    } catch (error) {
      if (!isGone(error)) report(toChannelError(error, 'SERVER_ERROR'), channelId)
      return false
    }
  }

  /** What the filter held back. Where it fails that is not said: it may be what must not be. */
  function held(): EventDraft[] {
    try {
      return (filter?.flush() ?? []).map((chunk) => check(format.chunk(chunk)))
    } catch (error) {
      report(toClientError(error), channelId)
      return []
    }
  }

  const fail = (error: unknown) => void (failure = failure ?? { error })

  function write(chunk: unknown): Promise<void> {
    const writing = append(chunk)
    // A producer that does not await must not bring the process down; the run still fails with it.
    writing.catch(fail)
    return writing
  }

  async function append(chunk: unknown) {
    if (isOver()) return
    if (filter) return appendAll(filter.push(chunk))
    await appendEvents([check(format.chunk(chunk))])
  }

  async function appendAll(chunks: readonly unknown[]) {
    const events = chunks.map((chunk) => check(format.chunk(chunk)))
    if (events.length > 0) await appendEvents(events)
  }

  /** Of every token: no promise more than it takes. */
  function appendEvents(events: readonly EventDraft[]): Promise<void> {
    for (const event of events) count(Buffer.byteLength(event.data))
    return window.push(() => log.append(channelId, events))
  }

  async function produce() {
    // The caller first learns that the run exists, then it begins.
    await Promise.resolve()
    if (isOver()) return
    await drain(producer, { channelId, signal: abort.signal, metadata, write })
    // Here, where a failure still ends the run as one.
    if (filter && !isOver()) await appendAll(filter.flush())
    await window.flush()
    if (failure) throw failure.error
  }

  produce().then(
    () => end({ outcome: 'done' }),
    async (thrown: unknown) => {
      // After its end nobody waits for it any more: HTTP clients each throw an abort of their own kind.
      if (isOver()) return
      const error = toClientError(thrown)
      const written = await end({ outcome: 'error', error })
      // Not written and gone: a stop from elsewhere met an append on its way, which is no failure.
      if (written || !isGone(thrown)) report(error, channelId)
    },
  )

  return {
    end,
    abandon: () => leave('stopped'),
    async handOver() {
      leave('moved')
      await window.flush().catch(() => undefined)
    },
  }
}

/** A ChannelError was written for clients; anything else may hold secrets, so they get the code's own sentence. */
function toClientError(thrown: unknown): ChannelError {
  if (thrown instanceof ChannelError) return thrown
  return new ChannelError('PRODUCER_ERROR', undefined, { cause: thrown })
}

export function isGone(thrown: unknown): boolean {
  return (
    thrown instanceof ChannelError &&
    (thrown.code === 'CHANNEL_CLOSED' || thrown.code === 'CHANNEL_NOT_FOUND')
  )
}
