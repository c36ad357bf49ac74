/**
 * A position in a channel: `<epoch>_<seq>`. The epoch is fixed when the channel is created, seq is dense from 0.
 * Together they let a client prove "same stream, no hole". Where a server can't say what its store has lost, the epoch
 * gets a generation behind a dot; numbers go on.
 * @see docs/protocol.md#cursors
 */
export interface Cursor {
  readonly epoch: string
  readonly seq: number
}

const shape = /^([A-Za-z0-9]{1,32}(?:\.[A-Za-z0-9]{1,16})?)_(0|[1-9][0-9]{0,14})$/

export function formatCursor(epoch: string, seq: number): string {
  return `${epoch}_${seq}`
}

/** What all generations of an epoch share: it names the stream. */
export function stemOf(epoch: string): string {
  const dot = epoch.indexOf('.')
  return dot < 0 ? epoch : epoch.slice(0, dot)
}

/** The cursor in this text, or undefined when it is not one (a third party's opaque id, or garbage). */
export function parseCursor(text: string): Cursor | undefined {
  const match = shape.exec(text)
  return match ? { epoch: match[1] as string, seq: Number(match[2]) } : undefined
}

/**
 * How an event's id stands to the cursor before it.
 * - `next`: apply it.
 * - `duplicate`: seen already.
 * - `gap`: something is missing before it.
 * - `other-epoch`: the channel was created anew; what we have belongs to its former life.
 * - `opaque`: not our kind of id; order can't be judged.
 */
export type Succession = 'next' | 'duplicate' | 'gap' | 'other-epoch' | 'opaque'

export function succession(cursor: string | undefined, id: string): Succession {
  const after = parseCursor(id)
  if (!after) return 'opaque'
  if (cursor === undefined) return after.seq === 0 ? 'next' : 'gap'
  const before = parseCursor(cursor)
  if (!before) return 'opaque'
  if (stemOf(before.epoch) !== stemOf(after.epoch)) return 'other-epoch'
  if (after.seq <= before.seq) {
    // A younger generation that takes numbers we have seen: the server has lost what we saw under them. Generations
    // begin with the time, and the first has none.
    return after.epoch > before.epoch ? 'other-epoch' : 'duplicate'
  }
  return after.seq === before.seq + 1 ? 'next' : 'gap'
}
