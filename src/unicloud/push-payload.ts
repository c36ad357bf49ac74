import { channelIdOf, entriesOf, isEnvelope, type EntryKind, type LogEntry } from '../cloud/wire.js'

/** What one push says about one channel. */
export interface PushBatch {
  readonly channelId: string
  readonly entries: readonly LogEntry[]
  /** Entries before this position exist. */
  readonly known: number
}

interface VendorPayload {
  readonly channel: 'UNI_CLOUD_SSE'
  readonly seqId: string
  readonly messageId: number
  readonly action: 'message' | 'end'
  readonly message?: unknown
}

/**
 * A push as `uni.onPushMessage` gives it: envelopes of ours, or plain messages of the vendor's cloud side, whose
 * ids are dense from 0 like our positions. The payload is an object on some platforms, JSON text on others.
 * @returns undefined for pushes that are no channel's
 */
export function readPush(push: unknown): PushBatch | undefined {
  const { type, data } = asObject(push)
  if (type !== 'receive') return undefined
  const payload = asObject(parse(asObject(parse(data)).payload)) as Partial<VendorPayload>
  const { channel, seqId, messageId, action } = payload
  if (channel !== 'UNI_CLOUD_SSE' || typeof seqId !== 'string') return undefined
  const channelId = channelIdOf(seqId)
  const message = payload.message
  if (isEnvelope(message)) return { channelId, entries: entriesOf(message), known: message.to + 1 }
  if (typeof messageId !== 'number' || (action !== 'message' && action !== 'end')) return undefined
  const kind: EntryKind = action
  return { channelId, entries: [{ seq: messageId, kind, message }], known: messageId + 1 }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
