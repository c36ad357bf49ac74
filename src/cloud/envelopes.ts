import type { LogEntry, PushEnvelope } from './wire.js'

/**
 * Consecutive entries as few pushes as the limit allows, in order. An entry too large for a push of its own becomes
 * a hint: the client reads it from the log.
 * @param limit characters of one envelope as JSON
 */
export function toEnvelopes(entries: readonly LogEntry[], limit: number): PushEnvelope[] {
  const envelopes: PushEnvelope[] = []
  let open: LogEntry[] = []
  let length = 0

  function flush() {
    if (open.length > 0) envelopes.push(envelope(open))
    open = []
    length = 0
  }

  for (const entry of entries) {
    const size = JSON.stringify(entry.message).length + 1
    if (FRAME_LENGTH + length + size > limit) flush()
    if (FRAME_LENGTH + size > limit) {
      envelopes.push({ wire: 1, from: entry.seq, to: entry.seq })
      continue
    }
    open.push(entry)
    length += size
  }
  flush()
  return envelopes
}

/** An envelope without its items, positions of nine digits: the most that is never split needlessly. */
const FRAME_LENGTH = '{"wire":1,"from":123456789,"to":123456789,"items":[],"last":"stopped"}'.length

function envelope(entries: readonly LogEntry[]): PushEnvelope {
  const first = entries[0] as LogEntry
  const last = entries[entries.length - 1] as LogEntry
  return {
    wire: 1,
    from: first.seq,
    to: last.seq,
    items: entries.map(({ message }) => message),
    ...(last.kind !== 'message' && { last: last.kind }),
  }
}
