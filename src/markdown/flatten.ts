import type { Align, Block, Op } from './markdown-types.js'

/** Bits of a run's `style`; 8 is left to views, for code, and 16 free, so that 97 and these never make a DEL. */
export const runStyle = { em: 1, strong: 2, del: 4, sub: 32, sup: 64, mark: 128, kbd: 256 } as const

/** A container around a block, outermost first in its `path`. */
export interface Enclosure {
  readonly key: number
  readonly type: 'quote' | 'list' | 'item' | 'reasoning' | 'details'
  /** An item's number in an ordered list; `undefined` for every other container. */
  readonly number: number | undefined
  /** The label of a footnote that is an item. */
  readonly note?: string | undefined
}

/** A block that holds no blocks but a table's rows; `empty` stands for a list item without content. */
export type LeafContent =
  Exclude<Block, { readonly type: Enclosure['type'] | 'row' | 'cell' }> | { readonly type: 'empty' }

/** What inline text looks like. Text of one run is only ever added to. */
export interface RunLook {
  /** `text`, or a span whose whole text comes at once: `html` is source shown as text, `break` has none. */
  readonly kind: 'text' | 'code' | 'math' | 'html' | 'image' | 'break'
  /** `runStyle` bits. */
  readonly style: number
  readonly link?: { readonly href: string; readonly title: string }
  /** Of an image; its alternative text is the run's text. */
  readonly src?: string
  readonly title?: string
  /** Of math: on a line of its own. */
  readonly display?: boolean
}

/**
 * One operation on a flat list of blocks, each made of runs (or rows of cells of runs).
 *
 * - `block`: opens a block. `starts` counts the innermost containers of `path` that begin with it: a view
 *   shows their markers. `gap` asks for space above.
 * - `row`, `cell`: inside the open table. `run`: text that follows looks like this. `text`: added to the run.
 * - `done`: the block `key` is complete; `shut`: so is the container `key`.
 */
export type FlatOp =
  | {
      readonly op: 'block'
      readonly key: number
      readonly block: LeafContent
      readonly gap: boolean
      readonly path: readonly Enclosure[]
      readonly starts: number
    }
  | { readonly op: 'row'; readonly key: number; readonly header: boolean }
  | { readonly op: 'cell'; readonly key: number; readonly align: Align }
  | { readonly op: 'run'; readonly look: RunLook }
  | { readonly op: 'text'; readonly text: string }
  | { readonly op: 'done'; readonly key: number }
  | { readonly op: 'shut'; readonly key: number }

const CODE = 8

const plain: RunLook = { kind: 'text', style: 0 }

type Link = { readonly href: string; readonly title: string }

/** Turns an engine's operations, call after call, into those of a flat list. */
export class Flattener {
  private out: FlatOp[] = []
  private path: Enclosure[] = []
  /** Blocks that are open, the kinds and keys alike. */
  private readonly open: Block[] = []
  private readonly numbers: number[] = []
  private starts = 0
  private gap = false
  /** Marks that are open, innermost last; a link is an object. */
  private readonly marks: (number | Link)[] = []
  private look: RunLook | undefined

  apply(ops: readonly Op[]): FlatOp[] {
    for (const op of ops) {
      if (op.op === 'open') this.enter(op.key, op.block, op.gap)
      else if (op.op === 'close') this.leave(op.key)
      else this.inline(op)
    }
    const { out } = this
    this.out = []
    return out
  }

  private enter(key: number, block: Block, gap: boolean): void {
    this.open.push(block)
    this.look = undefined
    if (block.type === 'row') this.out.push({ op: 'row', key, header: block.header })
    else if (block.type === 'cell') this.out.push({ op: 'cell', key, align: block.align })
    else if (
      block.type === 'list' ||
      block.type === 'item' ||
      block.type === 'quote' ||
      block.type === 'reasoning' ||
      block.type === 'details'
    ) {
      this.gap = this.gap || gap
      this.starts++
      const isItem = block.type === 'item'
      const number = isItem ? this.nextNumber(block.number) : undefined
      const enclosure: Enclosure = { key, type: block.type, number }
      this.path = this.path.concat(isItem && block.note ? { ...enclosure, note: block.note } : enclosure)
      if (block.type === 'list') this.numbers.push(block.ordered ? block.start : -1)
    } else this.leaf(key, block, this.gap || gap)
  }

  private leave(key: number): void {
    const block = this.open.pop()
    if (!block || block.type === 'cell' || block.type === 'row') return
    const container = this.path[this.path.length - 1]
    if (!container || container.key !== key) {
      this.out.push({ op: 'done', key })
      return
    }
    // An item without any block still shows its marker; another empty container shows nothing.
    if (this.starts && container.type === 'item') {
      this.leaf(key, { type: 'empty' }, this.gap)
      this.out.push({ op: 'done', key })
    } else if (this.starts) this.starts--
    if (container.type === 'list') this.numbers.pop()
    this.path = this.path.slice(0, -1)
    this.out.push({ op: 'shut', key })
  }

  private leaf(key: number, block: LeafContent, gap: boolean): void {
    this.out.push({ op: 'block', key, block, gap, path: this.path, starts: this.starts })
    this.starts = 0
    this.gap = false
    if (block.type === 'code' || block.type === 'math' || block.type === 'html') this.style(plain)
  }

  /** Numbers as they were written as long as they rise; otherwise they count on, as of items that all say `1.` */
  private nextNumber(written: number): number | undefined {
    const last = this.numbers.length - 1
    const next = this.numbers[last]
    if (next === undefined || next < 0) return undefined
    const number = Math.max(next, written)
    this.numbers[last] = number + 1
    return number
  }

  private inline(op: Exclude<Op, { readonly op: 'open' | 'close' }>): void {
    switch (op.op) {
      case 'enter':
        this.marks.push(
          op.mark.type === 'link' ? op.mark : op.mark.type === 'code' ? CODE : runStyle[op.mark.type],
        )
        this.look = undefined
        break
      case 'leave':
        this.marks.pop()
        this.look = undefined
        break
      case 'text':
        if (!this.look) this.style(this.marked('text'))
        this.out.push(op)
        break
      case 'image':
        this.span({ ...this.marked('image'), src: op.src, title: op.title }, op.alt)
        break
      case 'math':
        this.span({ ...this.marked('math'), display: op.display }, op.text)
        break
      case 'break':
        this.span(this.marked('break'), '')
        break
      default:
        this.span(this.marked(op.op), op.text)
    }
  }

  private span(look: RunLook, text: string): void {
    this.style(look)
    this.out.push({ op: 'text', text })
    this.look = undefined
  }

  private style(look: RunLook): void {
    this.look = look
    this.out.push({ op: 'run', look })
  }

  private marked(given: RunLook['kind']): RunLook {
    if (!this.marks.length) return given === 'text' ? plain : { kind: given, style: 0 }
    let style = 0
    let link: Link | undefined
    for (const mark of this.marks) {
      if (typeof mark === 'number') style |= mark
      else link = mark
    }
    const kind = style & CODE ? 'code' : given
    style &= ~CODE
    return link ? { kind, style, link: { href: link.href, title: link.title } } : { kind, style }
  }
}
