import { ChannelError } from '../core/channel-error.js'
import { attempt } from './attempt.js'
import { createBatcher } from './batcher.js'
import type { ChannelLog } from './channel-log.js'
import { claimChannel } from './claim-channel.js'
import type { CloudChannel } from './deserialize-sse-channel.js'
import { createPushTarget } from './push-target.js'
import { type ControlWatch, watchControl } from './watch-control.js'
import { waitAtMost } from './wait-at-most.js'
import { channelIdOf, isMarked, type ChannelDescriptor, type EntryKind, type LogEntry } from './wire.js'

export interface LoggedChannelOptions {
  readonly log: ChannelLog
  readonly coalesceMs: number
  readonly payloadLimit: number
  readonly keepMs: number
}

/** Entries that may wait for the log before `write` waits too. */
const BUFFERED_ENTRIES = 500
/**
 * Entries that may wait for push. What comes while they do is not pushed to clients that read logs; for the vendor's
 * own, to whom pushes are all there is, `write` waits.
 */
const BUFFERED_PUSHES = 500
/** end() gives the last hints this long: the function is billed while it waits. */
const LAST_PUSHES_MS = 3_000

/** Every entry goes to the log first and from there to push; neither waits for the other's round trips. */
export function createLoggedChannel(
  descriptor: ChannelDescriptor,
  options: LoggedChannelOptions,
): CloudChannel {
  const { log, keepMs } = options
  const channelId = channelIdOf(descriptor.seqId)
  const target = createPushTarget(descriptor, options.payloadLimit)
  const areHints = isMarked(descriptor.seqId)
  const stopListeners: (() => void)[] = []
  let state: 'open' | 'ended' | 'stopped' = 'open'
  let next = 0
  let failure: ChannelError | undefined
  let control: ControlWatch | undefined
  let stopFailure: unknown
  let usedAt = Date.now()

  const pushes = createBatcher<LogEntry>(
    (entries) => target.push(entries).catch(() => undefined),
    options.coalesceMs,
  )
  const writes = createBatcher<LogEntry>(async (entries) => {
    await attempt(() => log.append(channelId, entries, expiresAt())).catch(fail)
    if (!areHints || pushes.waiting < BUFFERED_PUSHES) entries.forEach((entry) => pushes.add(entry))
  }, options.coalesceMs)
  // Asked for at once: the answer is often there before the function waits for it.
  const claimed = claimChannel(log, channelId, keepMs).then(watch)
  claimed.catch(() => undefined)

  function fail(thrown: ChannelError): never {
    failure = thrown
    throw thrown
  }

  function watch() {
    control = watchControl(log, channelId, expiresAt, {
      usedAt: () => usedAt,
      stop: () => void finish('stopped', 'stopped', null).catch(() => undefined),
      moved: (pushClientId) => target.move(pushClientId),
    })
  }

  function expiresAt(): number {
    return Date.now() + keepMs
  }

  function add(kind: EntryKind, message: unknown) {
    usedAt = Date.now()
    writes.add({ seq: next++, kind, message })
  }

  function refuse() {
    if (failure) throw failure
    if (state === 'stopped') throw new ChannelError('CHANNEL_STOPPED', undefined, { cause: stopFailure })
    if (state === 'ended') throw new ChannelError('CHANNEL_CLOSED')
  }

  async function finish(as: 'ended' | 'stopped', kind: EntryKind, message: unknown) {
    state = as
    control?.end()
    add(kind, message)
    if (as === 'stopped') stopListeners.splice(0).forEach(tell)
    await writes.drained()
    await (areHints ? waitAtMost(LAST_PUSHES_MS, pushes.drained()) : pushes.drained())
  }

  function isFull(): boolean {
    return writes.waiting > BUFFERED_ENTRIES || (!areHints && pushes.waiting > BUFFERED_PUSHES)
  }

  /** What a listener throws is told by the next write: here nobody would hear it. */
  function tell(listener: () => void) {
    try {
      listener()
    } catch (thrown) {
      stopFailure ??= thrown
    }
  }

  return {
    get stopped() {
      return state === 'stopped'
    },
    onStop(listener) {
      if (state === 'stopped') listener()
      else stopListeners.push(listener)
    },
    claim: () => claimed,
    async write(message) {
      const copy = copyOf(message)
      await claimed
      refuse()
      add('message', copy)
      while (isFull() && !failure) await new Promise((resume) => setTimeout(resume, options.coalesceMs))
    },
    async end(message) {
      const copy = copyOf(message)
      await claimed
      refuse()
      await finish('ended', 'end', copy)
    },
  }
}

/**
 * A copy: the caller may change its object before it is sent.
 * @throws {ChannelError} BAD_OPTIONS for what is no JSON
 */
function copyOf(message: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(message ?? null)) as unknown
  } catch (cause) {
    throw new ChannelError('BAD_OPTIONS', `The message is no JSON: ${String(cause)}`, { cause })
  }
}
