import { crc32 } from 'node:zlib'
import type { Change } from '../memory/journal.js'

/** What a file log writes: changes, and what it has to know of itself. */
export type FileRecord =
  | Change
  /** A process begins. `boot`: which start of the machine, or '' where that can't be said. */
  | { readonly kind: 'opened'; readonly since: number; readonly boot: string }
  /** It went in order: nothing is missing behind this. */
  | { readonly kind: 'closed' }
  /** Something could be written. */
  | { readonly kind: 'checked'; readonly filler: string }
  /** A run is gone on with. `reached`: how many events it had. */
  | { readonly kind: 'taken'; readonly channelId: string; readonly tries: number; readonly reached: number }

/** Before each record: its length and its sum, each of four bytes. */
const HEAD_BYTES = 8

export function encodeRecord(record: FileRecord): Buffer {
  const text = Buffer.from(JSON.stringify(record))
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + text.length)
  bytes.writeUInt32LE(text.length, 0)
  bytes.writeUInt32LE(crc32(text), 4)
  text.copy(bytes, HEAD_BYTES)
  return bytes
}

/**
 * Reads records from a position on. Returns where the last whole one ends: behind it is nothing, or what a process could
 * not write to its end.
 */
export function decodeRecords(bytes: Buffer, from: number, each: (record: FileRecord) => void): number {
  let at = from
  while (at + HEAD_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at)
    const text = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length)
    // Nothing is its own sum: so look the zeros that a machine leaves where it had not written yet when it died.
    const isWhole = length > 0 && text.length === length
    if (!isWhole || crc32(text) !== bytes.readUInt32LE(at + 4)) return at
    each(revived(JSON.parse(String(text)) as FileRecord))
    at += HEAD_BYTES + length
  }
  return at
}

/** JSON knows no Infinity: it makes null of it. */
function revived(record: FileRecord): FileRecord {
  if (record.kind === 'expired') return { ...record, until: (record.until as number | null) ?? Infinity }
  if (record.kind !== 'channel') return record
  const { state } = record
  const timeoutMs = (state.spec.timeoutMs as number | null) ?? Infinity
  return { kind: 'channel', state: { ...state, spec: { ...state.spec, timeoutMs } } }
}
