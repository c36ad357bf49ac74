import type { LogEntry } from './wire.js'

/** What others tell the running function about its channel. */
export interface ChannelControl {
  readonly stop: boolean
  /** The client's current push id, if it changed since the call. */
  readonly pushClientId: string | undefined
  /** When the function last showed that it is alive, in milliseconds; 0 if never. */
  readonly beatAt: number
}

/** One of the things that are kept of a channel besides its entries. */
export type ControlName = keyof ChannelControl

/**
 * Where the entries of channels are kept: the truth, of which a push is only a hint. One writer a channel.
 * Every method rejects when the storage fails, and may be called again with the same arguments.
 */
export interface ChannelLog {
  /**
   * Makes the channel this owner's, for good: of all who ever ask for a channel one is told true, and told so again
   * when it asks again.
   */
  claim(channelId: string, owner: string, expiresAt: number): Promise<boolean>
  /** Stores consecutive entries. Storing the same ones again changes nothing. */
  append(channelId: string, entries: readonly LogEntry[], expiresAt: number): Promise<void>
  /** Entries from position `from` on, in order and without holes, `limit` at least where there are as many. */
  read(channelId: string, from: number, limit: number): Promise<readonly LogEntry[]>
  control(channelId: string): Promise<ChannelControl>
  setControl(channelId: string, name: ControlName, value: string, expiresAt: number): Promise<void>
  /** Removes what expired before `now`, where the storage doesn't do so by itself. */
  expire(now: number): Promise<void>
}

/** Values as the storages keep them: text. */
export function toControl(values: Partial<Record<ControlName, string | null>>): ChannelControl {
  return {
    stop: values.stop === '1',
    pushClientId: values.pushClientId || undefined,
    beatAt: Number(values.beatAt ?? 0),
  }
}
