import type { MarkdownOptions } from 'uni-sse-channel/markdown'

/** What the page plays: kept in storage under `play`, so that Node, Chromium and both hosts can set it. */
export interface PlayOrder {
  readonly text: string
  readonly reasoning?: string
  /** Pieces of the text; default: all at once. */
  readonly pieces?: readonly string[]
  /** The first piece is complete, as a stored answer, until the second comes. */
  readonly stored?: boolean
  /** Milliseconds between two pieces. Default 0. */
  readonly everyMs?: number
  /** Status at the end. Default `done`. */
  readonly end?: 'done' | 'stopped' | 'error' | 'streaming'
  readonly markdown?: boolean
  readonly smooth?: boolean
  /** Hands the text over as a string instead of a getter. */
  readonly asString?: boolean
  readonly codeSlot?: boolean
  /** Colours code in JavaScript and HTML. */
  readonly highlight?: boolean
  readonly locale?: string
  /** Tells when the component may have got higher. */
  readonly notesGrowth?: boolean
  readonly theme?: 'auto' | 'light' | 'dark'
  readonly options?: MarkdownOptions
  readonly sources?: readonly (string | object)[] | undefined
  /** What code and tables offer. */
  readonly tools?: readonly ('numbers' | 'wrap' | 'fold' | 'download' | 'copy-table' | 'csv')[]
  /** More sources, which come when the text is complete. */
  readonly lateSources?: readonly object[]
  /** Formulas are typeset, with these fonts; `lazy` loads the typesetter when the first formula comes. */
  readonly math?: 'katex' | 'system' | 'lazy'
  /** Many texts, each with a component of its own, all played at once. */
  readonly many?: readonly (readonly string[])[]
}
