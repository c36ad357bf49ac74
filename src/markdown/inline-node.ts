import type { Delimiter } from './emphasis.js'
import type { InlineOp, Mark } from './markdown-types.js'

/** A `[` or `![` that may begin a link or image. */
export interface Bracket {
  readonly kind: 'bracket'
  readonly image: boolean
  readonly seq: number
  readonly seen: number
  /** Position of the text after it, counted from the start of the leaf. */
  readonly at: number
  /** False once a link inside it rules a link around it out: it only waits for its `]`. */
  live: boolean
  mark?: Mark
}

export type Atom = { readonly kind: 'atom'; readonly op: InlineOp; readonly alt: string }
/** An HTML tag that opens `mark`, or closes the innermost mark of `type`. */
export interface Tag {
  readonly kind: 'tag'
  readonly type: Mark['type']
  readonly mark: Mark | undefined
}
export type Node = { readonly kind: 'text'; readonly text: string } | Atom | Delimiter | Bracket | Tag

export const leave: Atom = { kind: 'atom', op: { op: 'leave' }, alt: '' }

/** Visible text of a node. */
export function altOf(node: Node): string {
  if (node.kind === 'text') return node.text
  if (node.kind === 'atom') return node.alt
  if (node.kind === 'delimiter') return node.char.repeat(node.count)
  return node.kind === 'tag' || node.mark ? '' : node.image ? '![' : '['
}
