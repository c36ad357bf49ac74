import { ChannelError } from '../core/channel-error.js'
import type { ChannelLog } from './channel-log.js'
import { createLoggedChannel } from './logged-channel.js'
import { readDescriptor } from './descriptor.js'
import { uniCloudGlobal } from './uni-cloud-global.js'

/** A channel as a cloud function writes to it. */
export interface CloudChannel {
  /**
   * Makes sure that this call is the only one to fill the channel. Await it before the first thing that costs: a
   * request that was sent twice is refused here. `write` and `end` wait for the same. Without a log it always resolves.
   * @throws {ChannelError} CHANNEL_CLAIMED when another call has the channel, LOG_FAILED when the log can't tell
   */
  claim(): Promise<void>
  /**
   * Adds a message: any JSON. Resolves when it is accepted; it is in the log and on its way to the client within
   * `coalesceMs`, and `end()` waits for that. Await each write: a full buffer makes it wait.
   * @throws {ChannelError} CHANNEL_CLAIMED when another call has the channel, CHANNEL_STOPPED after a stop request,
   * CHANNEL_CLOSED after end(), LOG_FAILED when the log can't be written, BAD_OPTIONS for what is no JSON
   */
  write(message: unknown): Promise<void>
  /** Ends the channel; resolves when everything is in the log. The result is kept for `keepMs`. Throws as `write`. */
  end(message?: unknown): Promise<void>
  /**
   * The client asked to stop. Checked once a second while the channel is open, until ten minutes after the last write;
   * always false without a log.
   */
  readonly stopped: boolean
  /**
   * Calls back once when the client asks to stop, at once if it has. Abort the producer here. What a listener throws is
   * the `cause` of the next write's CHANNEL_STOPPED.
   */
  onStop(listener: () => void): void
}

/** What `deserializeSSEChannel()` takes. */
export interface CloudChannelOptions {
  /** Where entries are kept for clients that miss a push. Without it pushes are all there is, as with the vendor's. */
  readonly log?: ChannelLog
  /** At most one push each this many milliseconds; messages in between share one. Default 60. */
  readonly coalesceMs?: number
  /** Characters of one push payload, as the vendor documents them. Default 800. */
  readonly payloadLimit?: number
  /** How long entries are kept after the last one, in milliseconds. Default 3,600,000: an hour. */
  readonly keepMs?: number
}

/**
 * The channel a client passed to this function: in place of `uniCloud.deserializeSSEChannel(event.channel)`.
 * @throws {ChannelError} BAD_OPTIONS when it is no channel
 * @example const channel = deserializeSSEChannel(event.channel, { log: databaseLog(uniCloud.database()) })
 */
export function deserializeSSEChannel(value: unknown, options: CloudChannelOptions = {}): CloudChannel {
  const { log, coalesceMs = 60, payloadLimit = 800, keepMs = 3_600_000 } = options
  const descriptor = readDescriptor(value)
  if (!(payloadLimit >= 400))
    throw new ChannelError('BAD_OPTIONS', `payloadLimit must be 400 or more, got ${String(payloadLimit)}.`)
  if (log) return createLoggedChannel(descriptor, { log, coalesceMs, payloadLimit, keepMs })
  const vendor = uniCloudGlobal().deserializeSSEChannel(descriptor)
  return {
    stopped: false,
    claim: () => Promise.resolve(),
    onStop: () => undefined,
    write: async (message) => void (await vendor.write(message)),
    end: async (message) => void (await vendor.end(message)),
  }
}
