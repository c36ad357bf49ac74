/** How a table column is aligned; `none` when its delimiter cell has no colon. */
export type Align = 'none' | 'left' | 'center' | 'right'

/**
 * What an `open` operation opens.
 *
 * Containers (`quote`, `list`, `item`, `reasoning`, `details`, `table`, `row`) hold blocks; the others hold inline
 * operations. `code`, `math` and `html` hold plain text only, lines joined by `\n` without a final one.
 */
export type Block =
  /** `checked` of a task; `summary` names the `details` it begins. */
  | { readonly type: 'paragraph'; readonly checked?: boolean; readonly summary?: true }
  | { readonly type: 'heading'; readonly level: number }
  | { readonly type: 'code'; readonly info: string }
  | { readonly type: 'math' }
  | { readonly type: 'html' }
  | { readonly type: 'rule' }
  | { readonly type: 'quote' }
  | { readonly type: 'list'; readonly ordered: boolean; readonly start: number }
  /** `number` as it was written, of an item of an ordered list. `note` is the label of a footnote. */
  | { readonly type: 'item'; readonly number: number; readonly note?: string }
  | { readonly type: 'reasoning' }
  | { readonly type: 'details' }
  /** `align` is empty where the header was shown before the row below it told; cells have their own. */
  | { readonly type: 'table'; readonly align: readonly Align[] }
  | { readonly type: 'row'; readonly header: boolean }
  | { readonly type: 'cell'; readonly align: Align }

/** What an `enter` operation wraps around the inline operations up to its `leave`. */
export type Mark =
  | { readonly type: 'em' | 'strong' | 'del' | 'sub' | 'sup' | 'mark' | 'kbd' | 'code' }
  | { readonly type: 'link'; readonly href: string; readonly title: string }

/**
 * One append-only operation. Applied in order they only ever add to what is shown.
 *
 * - `open` / `close`: a block inside the innermost open one. `key` is unique and rising within one engine.
 *   `gap` tells that a blank line came before the block inside its parent: a list is loose where one of its
 *   items, or a block of an item, has it; a view uses it as space above, so nothing moves later.
 * - `enter` / `leave`: a mark around inline content; `code` where code is shown before its end came.
 * - `text`: characters to append where the operations stand; a soft line break is a `\n` in it.
 * - `code`, `math`, `html`: a whole inline span at once. `html` is source to be shown as text.
 * - `image`: `alt` is plain text. `break`: a hard line break.
 */
export type Op =
  | { readonly op: 'open'; readonly key: number; readonly gap: boolean; readonly block: Block }
  | { readonly op: 'close'; readonly key: number }
  | { readonly op: 'enter'; readonly mark: Mark }
  | { readonly op: 'leave' }
  | { readonly op: 'text'; readonly text: string }
  | { readonly op: 'code'; readonly text: string }
  | { readonly op: 'math'; readonly text: string; readonly display: boolean }
  | { readonly op: 'html'; readonly text: string }
  | { readonly op: 'image'; readonly src: string; readonly alt: string; readonly title: string }
  | { readonly op: 'break' }

/** An operation inside a leaf block. */
export type InlineOp = Exclude<Op, { readonly op: 'open' | 'close' }>

/** Where a link label leads. `href` is already encoded. */
export interface Reference {
  readonly href: string
  readonly title: string
}
