import type { LineCursor } from './line-cursor.js'

/**
 * What a leaf makes of a new line: `wait` for more of it, `text` to be written to the leaf, `taken` as a
 * whole, `last` when the line was the leaf's closing mark, or `over` when the leaf ended before it.
 */
export type Resumed = 'wait' | 'text' | 'taken' | 'last' | 'over'

/** A block that holds no blocks. It is fed the lines that belong to it, in pieces. */
export interface Leaf {
  /** Characters that wait in it, but for those of its inline content. */
  readonly heldLength?: number
  write(text: string): void
  /** The line ends; true when the leaf ends with it. */
  endLine(): boolean
  close(): void
}

/** A leaf that reads its lines itself instead of leaving them to block starts. */
export interface VerbatimLeaf extends Leaf {
  resume(line: LineCursor, complete: boolean): Resumed
}

export function isVerbatim(leaf: Leaf): leaf is VerbatimLeaf {
  return 'resume' in leaf
}
