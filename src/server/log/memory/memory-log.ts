import type { Clock } from '../../../core/clock.js'
import type { EventLog } from '../event-log.js'
import { createMemoryStore, type MemoryStoreOptions } from './memory-store.js'
import { nodeClock } from './node-clock.js'

/** What `memoryLog()` takes. */
export interface MemoryLogOptions {
  /** Events kept of one channel. Default 10,000; `Infinity` switches it off. */
  readonly maxEvents?: number
  /** Bytes kept of one channel (UTF-8, of types and data). Default 4 MiB; `Infinity` switches it off. */
  readonly maxBytes?: number
  /**
   * Age of the oldest event kept, and how long an ended channel can still be read, in milliseconds.
   * Default 3,600,000 (one hour); `Infinity` switches it off.
   */
  readonly maxAgeMs?: number
  /** Channels at once, and tombstones at once. Default 10,000; `Infinity` switches it off. */
  readonly maxChannels?: number
  /**
   * Bytes kept of all channels, beyond which ended ones go and new ones are refused. Active ones go on, each to its
   * `maxBytes`. Default 256 MiB; `Infinity` switches it off.
   */
  readonly maxTotalBytes?: number
  /** How long it is remembered that a channel existed, in milliseconds. Default one day; 0 switches it off. */
  readonly tombstoneMs?: number
  /** Default: the process's. */
  readonly clock?: Clock
}

/**
 * Events in the memory of this process: gone when it ends.
 *
 * Over `maxChannels` or `maxTotalBytes` the channels that ended longest ago make room; when all are active, new ones
 * are refused with SERVER_BUSY.
 */
export function memoryLog(options: MemoryLogOptions = {}): EventLog {
  return createMemoryStore(memorySettings(options))
}

export function memorySettings(options: MemoryLogOptions): MemoryStoreOptions {
  return {
    maxEvents: options.maxEvents ?? 10_000,
    maxBytes: options.maxBytes ?? 4 * 1024 * 1024,
    maxAgeMs: options.maxAgeMs ?? 3_600_000,
    maxChannels: options.maxChannels ?? 10_000,
    maxTotalBytes: options.maxTotalBytes ?? 256 * 1024 * 1024,
    tombstoneMs: options.tombstoneMs ?? 86_400_000,
    clock: options.clock ?? nodeClock,
  }
}
