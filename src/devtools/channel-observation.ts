import type { ChannelSummary } from '../stores/channels.js'

export type ObservationKind = 'status' | 'connection' | 'dial' | 'progress' | 'error'

/** Something that happened to a channel, with how it stood then. */
export interface Observation {
  readonly kind: ObservationKind
  /** Milliseconds since 1970. */
  readonly at: number
  readonly key: string
  /** The new status or connection, the transport, the code of the error, the events so far. */
  readonly value: string
  readonly channelId: string
  /** Connections since something last came: 1 for the first. */
  readonly attempt: number
  readonly summary: Omit<ChannelSummary, 'key'>
  readonly detail?: object
}
