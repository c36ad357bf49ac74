import { parseCursor, type Cursor } from '../../core/cursor.js'
import type { EventLog } from '../log/event-log.js'

const PAGE = { maxEvents: 1_000, maxBytes: 1024 * 1024 }

/**
 * The chunks that a run has written, from its first on: what its format made JSON of. Undefined where they are not all
 * there any more.
 */
export async function readWritten(log: EventLog, channelId: string): Promise<readonly unknown[] | undefined> {
  const written: unknown[] = []
  let after: Cursor | undefined
  for (;;) {
    const page = await log.read(channelId, after, PAGE)
    if (page.kind !== 'events' || page.batch.seq !== written.length) return undefined
    const { events } = page.batch
    for (const { data } of events) written.push(chunkOf(data))
    const last = events[events.length - 1]
    if (!last) return written
    after = parseCursor(last.id)
  }
}

/** Formats of the application's own may write no JSON: then it is the text itself. */
function chunkOf(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}
