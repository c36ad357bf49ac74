import { forUsers } from '../core/built-for.js'
import { ChannelError } from '../core/channel-error.js'
import type { Policy } from '../core/state.js'

/** How a lost connection is restored. */
export interface ReconnectOptions {
  /** Connections that may fail in a row without one new event. Default 5; 0 never reconnects. */
  readonly attempts?: number | undefined
  /** First step of the backoff, in milliseconds. Default 500. */
  readonly baseMs?: number | undefined
  /** Longest step, in milliseconds. Default 10,000. */
  readonly capMs?: number | undefined
}

/** Limits in milliseconds; `Infinity` switches one off. */
export interface TimeoutOptions {
  /**
   * Until the answer begins. Default 30,000 for a server of ours, 300,000 where that is not known: a model's own API may
   * think before its first word, and sends no heartbeats.
   */
  readonly firstByteMs?: number | undefined
  /** Without any byte, heartbeats included. Default 45,000 for a server of ours: three heartbeats; else 300,000. */
  readonly idleMs?: number | undefined
  /** For the whole run. Default `Infinity`. */
  readonly totalMs?: number | undefined
}

/** How long silence is borne of who may be thinking, in milliseconds: five minutes. */
const OTHERS_MS = 300_000

/** @throws {ChannelError} BAD_OPTIONS in development */
export function createPolicy(reconnect: ReconnectOptions = {}, timeouts: TimeoutOptions = {}): Policy {
  if (!forUsers) check(reconnect, timeouts)
  return {
    attempts: reconnect.attempts ?? 5,
    backoff: { baseMs: reconnect.baseMs ?? 500, capMs: reconnect.capMs ?? 10_000 },
    firstByteMs: timeouts.firstByteMs ?? 30_000,
    idleMs: timeouts.idleMs ?? 45_000,
    totalMs: timeouts.totalMs ?? Infinity,
    others: {
      firstByteMs: timeouts.firstByteMs ?? OTHERS_MS,
      idleMs: timeouts.idleMs ?? OTHERS_MS,
    },
  }
}

function check(reconnect: ReconnectOptions, timeouts: TimeoutOptions) {
  for (const name of ['attempts', 'baseMs', 'capMs'] as const) {
    const value = reconnect[name] ?? 0
    if (!(value >= 0 && Number.isFinite(value))) refuse(`reconnect.${name}`, 'a number from 0 on', value)
  }
  for (const name of ['firstByteMs', 'idleMs', 'totalMs'] as const) {
    const value = timeouts[name] ?? Infinity
    if (!(typeof value === 'number' && value > 0))
      refuse(`timeouts.${name}`, 'milliseconds above 0 or Infinity', value)
  }
}

function refuse(name: string, wanted: string, value: unknown): never {
  throw new ChannelError('BAD_OPTIONS', `${name} must be ${wanted}, got ${String(value)}.`)
}
