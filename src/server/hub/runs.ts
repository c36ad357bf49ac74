import { ChannelError, toChannelError } from '../../core/channel-error.js'
import type { EventLog, Orphan } from '../log/event-log.js'
import type { ContentFilter } from '../filter/content-filter.js'
import { createChunkFilter } from '../filter/chunk-filter.js'
import type { LimitChecks } from '../limits/hub-limits.js'
import type { Producer } from './producer.js'
import { startRun, type ActiveRun } from './run.js'
import type { Signal } from './signal.js'
import type { StreamFormat } from './stream-format.js'
import { resumeOf, type Resumable } from './resumable.js'
import { readWritten } from './written.js'

export interface RunsOptions {
  readonly log: EventLog
  readonly limits: LimitChecks
  readonly filter: ContentFilter | undefined
  readonly resumable: readonly Resumable[]
  /** Undefined: this hub does not know it. */
  readonly formatOf: (name: string) => StreamFormat | undefined
  readonly count: (bytes: number) => void
  readonly report: (error: ChannelError, channelId?: string) => void
  readonly tell: (signal: Signal) => void
}

/** What fills a channel that exists. */
export interface RunSpec {
  readonly channelId: string
  readonly format: StreamFormat
  readonly metadata: Readonly<Record<string, unknown>>
  readonly producer: Producer
  readonly traceParent?: string | undefined
}

/** The producers at work in this process. */
export interface Runs {
  begin(spec: RunSpec): ActiveRun
  get(channelId: string): ActiveRun | undefined
  ids(): readonly string[]
  /** @throws {ChannelError} BAD_OPTIONS: no other process could go on with it */
  check(producer: Producer): void
  /**
   * Lets go of all: what can be gone on with is left to another process, the rest ends as PRODUCER_LOST. Takes over
   * no more.
   */
  leave(): Promise<void>
}

export function createRuns(options: RunsOptions): Runs {
  const { log, limits, filter, resumable, formatOf, count, report, tell } = options
  const active = new Map<string, { readonly run: ActiveRun; readonly spec: RunSpec }>()
  const known = new Map(resumable.map((one) => [one.resumableName, one]))
  if (known.size < resumable.length)
    throw new ChannelError('BAD_OPTIONS', 'Two resumables have the same name.')
  const adopter = {
    names: [...known.keys()],
    take(orphan: Orphan) {
      takeOver(orphan).catch(async (thrown: unknown) => {
        report(toChannelError(thrown, 'SERVER_ERROR'), orphan.channel.channelId)
        await log.release?.(orphan.channel.channelId).catch(() => undefined)
      })
    },
    taken: (channelId: string) => void active.get(channelId)?.run.handOver(),
  }
  const leaveOthers = known.size > 0 ? log.adopt?.(adopter) : undefined
  let state: 'open' | 'left' = 'open'
  const hasLeft = () => state === 'left'

  function begin(spec: RunSpec): ActiveRun {
    const { channelId } = spec
    const checks = { check: limits.check, filter: filter && createChunkFilter(filter) }
    const began = performance.now()
    const written = { events: 0, bytes: 0 }
    const countAll = (bytes: number) => {
      written.events++
      written.bytes += bytes
      count(bytes)
    }
    const run = startRun({ log, report, ...spec, ...checks, count: countAll }, (outcome, code) => {
      if (active.get(channelId)?.run === run) active.delete(channelId)
      const durationMs = performance.now() - began
      tell({ kind: 'run', channelId, outcome, code, ...written, durationMs, traceParent: spec.traceParent })
    })
    active.set(channelId, { run, spec })
    return run
  }

  async function takeOver({ channel, resume }: Orphan) {
    const { channelId, metadata } = channel
    const format = formatOf(channel.format)
    const going = known.get(resume.name)
    if (hasLeft() || !format || !going) return log.release?.(channelId)
    // One that this process has given up, and that came back to it.
    active.get(channelId)?.run.abandon()
    const written = await readWritten(log, channelId)
    if (hasLeft()) return log.release?.(channelId)
    if (!written) {
      // Of what is not kept any more nobody can say what comes behind it.
      const error = new ChannelError('PRODUCER_LOST')
      await log.append(channelId, format.end({ outcome: 'error', error }), 'error')
      return
    }
    tell({ kind: 'takeover', channelId, name: resume.name })
    begin({ channelId, format, metadata, producer: Object.assign(going.goOn(resume, written), { resume }) })
  }

  async function letGo({ run, spec: { channelId, producer } }: { run: ActiveRun; spec: RunSpec }) {
    if (!log.release || !resumeOf(producer))
      return run.end({ outcome: 'error', error: new ChannelError('PRODUCER_LOST') })
    await run.handOver()
    await log
      .release(channelId)
      .catch((error: unknown) => report(toChannelError(error, 'SERVER_ERROR'), channelId))
  }

  return {
    begin,
    get: (channelId) => active.get(channelId)?.run,
    ids: () => [...active.keys()],
    check(producer) {
      const resume = resumeOf(producer)
      if (resume && !known.has(resume.name))
        throw new ChannelError('BAD_OPTIONS', `Name "${resume.name}" in createHub({ resumable: […] }).`)
    },
    async leave() {
      state = 'left'
      leaveOthers?.()
      await Promise.all([...active.values()].map(letGo))
    },
  }
}
