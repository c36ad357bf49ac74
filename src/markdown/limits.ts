/**
 * How many characters undecided syntax may hold back. They are counted in the text and not in chunks, and
 * hold for complete text too, so a result never depends on how the text was cut.
 */
export interface Limits {
  /** Start of a paragraph that may still turn into a setext heading or a table header. Default 24. */
  readonly opening: number
  /** Text behind an open `**`, `[`, `` ` `` or `$`, all that waits counted together. Default 112. */
  readonly span: number
  /**
   * Source that shows nothing by itself: a link's target, a tag, a fence's info, a header row. Four times as much for an
   * address with `http` or `https`, and for a formula on lines of its own. Default 1600.
   */
  readonly target: number
  /** Containers (quotes, lists, items) inside one another; deeper markers are text. Default 100. */
  readonly depth: number
}

export const defaultLimits: Limits = { opening: 24, span: 112, target: 1600, depth: 100 }

/** Cells that short rows of one table are filled with: a few wide rows must not make of a short text a long page. */
export const mostFilled = 10_000
