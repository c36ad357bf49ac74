/**
 * What KaTeX makes of a formula before it prints HTML. Not part of its documented interface, but of every
 * version since 0.10; classes got a prefix in 0.17 (`base` is `katex-base`).
 */
export interface KatexNode {
  readonly classes?: readonly string[]
  readonly style?: Readonly<Record<string, string | undefined>>
  readonly children?: readonly KatexNode[]
  /** Of a symbol. */
  readonly text?: string
  /** Of a symbol: space behind it, in em. */
  readonly italic?: number
  /** Of an element, an SVG or a line; fragments have none. */
  readonly attributes?: Readonly<Record<string, string>>
  /** Of a path. */
  readonly pathName?: string
  toMarkup(): string
}

/** The root is an element, never a symbol. */
export type RenderTree = (source: string, options: object) => KatexNode
