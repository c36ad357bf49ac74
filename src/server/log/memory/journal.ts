import type { ChannelInfo, EventDraft, Outcome } from '../event-log.js'
import type { ChannelState } from './memory-channel.js'

/** A change of a log in memory. Played again in order they make the same log. */
export type Change =
  /** It is created, or this is all there is of it. */
  | { readonly kind: 'channel'; readonly state: ChannelState }
  | {
      readonly kind: 'events'
      readonly channelId: string
      readonly seq: number
      readonly events: readonly EventDraft[]
      readonly outcome: Outcome | undefined
      readonly at: number
    }
  /** Ids of what comes are of another generation. */
  | { readonly kind: 'generation'; readonly channelId: string; readonly name: string }
  | { readonly kind: 'expired'; readonly info: ChannelInfo; readonly until: number }
  | { readonly kind: 'removed'; readonly channelId: string }
  | { readonly kind: 'name'; readonly name: string; readonly channelId: string }

/** Where changes are kept. */
export interface Journal {
  /** Before the change takes effect. What it throws keeps it from that. @throws {ChannelError} SERVER_BUSY, SERVER_ERROR */
  write(change: Change): void
  /** A change that takes effect whether it can be kept or not: ends make room, and must be told. */
  note(change: Change): void
}

export const noJournal: Journal = { write: () => undefined, note: () => undefined }

/** The thing that a change is about: what writes it whole replaces all that was written of it before. */
export function keyOf(change: Change): string {
  switch (change.kind) {
    case 'channel':
      return channelKey(change.state.spec.channelId)
    case 'expired':
      return channelKey(change.info.channelId)
    case 'name':
      return nameKey(change.name)
    default:
      return channelKey(change.channelId)
  }
}

export const channelKey = (channelId: string) => `c${channelId}`
export const nameKey = (name: string) => `n${name}`
