import {
  runStyle,
  type Enclosure,
  type FlatOp,
  type LeafContent,
  type RunLook,
} from 'uni-sse-channel/markdown'
import { codeLanguage } from './code-language'
import { shallowRef, type ShallowRef } from 'vue'
import type { RichNode, ViewOp } from 'uni-sse-channel'
import type { Sink } from './section'

/** One flush of one run. Never changes; fields that say nothing are left out, since each is sent. */
export interface Segment {
  readonly t: string
  readonly c?: string
  readonly h?: string
  readonly s?: string
  /** Of a formula, whose source is the text. */
  readonly f?: readonly RichNode[]
}

export interface ViewCell {
  readonly c: string
  readonly segments: Segment[]
}

export interface ViewRow {
  readonly c: string
  readonly cells: ViewCell[]
}

export interface ViewBlock {
  readonly kind: 'text' | 'code' | 'table' | 'rule'
  readonly c: string
  readonly text: string
  readonly rails: readonly { readonly c: string; readonly t: string; readonly h?: string }[]
  readonly key: number
  readonly language: string
  readonly segments: Segment[]
  readonly rows: ViewRow[]
}

/** Blocks that one component shows; it renders again at every new `version`, and no other does. */
export interface BlockUnit {
  readonly id: number
  readonly blocks: ViewBlock[]
  readonly version: ShallowRef<number>
  readonly cursor: ShallowRef<boolean>
}

const MAX_CHARS = 1500
const MAX_SEGMENTS = 80

let units = 0

/** For platforms without WXS: operations as blocks of segments that are only appended, cut into units. */
export class UnitBlocks implements Sink {
  readonly units = shallowRef<readonly number[]>([])
  private readonly list: BlockUnit[] = []
  private readonly claimed = new Set<BlockUnit>()
  private unit: BlockUnit | undefined
  private chars = 0
  private segments = 0
  private target: Segment[] | undefined
  private look: Omit<Segment, 't'> = {}
  private pending = ''
  private cursor = false

  write(ops: readonly ViewOp[]): void {
    const before = this.unit
    for (const op of ops) this.apply(op)
    this.put()
    if (before) before.version.value++
    if (this.unit && this.unit !== before) this.unit.version.value++
  }

  /** The oldest unit without a component gets this one. */
  claim(): { readonly unit: BlockUnit; release(): void } | undefined {
    const unit = this.list.find((one) => !this.claimed.has(one))
    if (!unit) return undefined
    this.claimed.add(unit)
    return { unit, release: () => this.claimed.delete(unit) }
  }

  setCursor(visible: boolean): void {
    this.cursor = visible
    if (this.unit) this.unit.cursor.value = visible
  }

  private apply(op: ViewOp): void {
    const block = this.unit?.blocks[this.unit.blocks.length - 1]
    const row = block?.rows[block.rows.length - 1]
    switch (op.op) {
      case 'block':
        this.put()
        if (!this.unit || this.chars >= MAX_CHARS || this.segments >= MAX_SEGMENTS) this.open()
        this.add(blockOf(op))
        break
      case 'row':
        this.put()
        block?.rows.push({ c: op.header ? 'st-tr st-tr--head' : 'st-tr', cells: [] })
        break
      case 'cell': {
        this.put()
        const align = op.align === 'none' ? '' : ` st-cell--${op.align}`
        const cell: ViewCell = { c: `st-cell${align}`, segments: [] }
        row?.cells.push(cell)
        this.target = cell.segments
        break
      }
      case 'run':
        if (op.look.kind === 'break') this.pending += '\n'
        else {
          this.put()
          this.look = lookOf(op.look, op.failed)
        }
        break
      case 'formula': {
        this.put()
        const { link, display } = op.look
        this.look = {
          c: display ? 'st-formula st-formula--block' : 'st-formula',
          f: [op.formula.toRich()],
          ...(link ? { h: link.href } : {}),
        }
        this.pending = op.source
        this.put()
        this.look = {}
        break
      }
      case 'text':
        this.pending += op.text
        break
    }
  }

  private add(block: ViewBlock): void {
    this.unit?.blocks.push(block)
    this.target = block.segments
    this.look = {}
  }

  private open(): void {
    const unit: BlockUnit = {
      id: ++units,
      blocks: [],
      version: shallowRef(0),
      cursor: shallowRef(this.cursor),
    }
    if (this.unit) this.unit.cursor.value = false
    this.unit = unit
    this.chars = 0
    this.segments = 0
    this.list.push(unit)
    this.units.value = [...this.units.value, unit.id]
  }

  private put(): void {
    const text = this.pending
    this.pending = ''
    if (!this.target || (!text && !this.look.s)) return
    this.target.push({ t: text, ...this.look })
    if (this.look.s) this.look = {}
    this.chars += text.length
    this.segments++
  }
}

function blockOf({ key, block, gap, path, starts }: Extract<FlatOp, { op: 'block' }>): ViewBlock {
  const rails = path
    .map((one, at) => railOf(one, at >= path.length - starts))
    .filter((rail) => rail !== undefined)
  const mark = rails[rails.length - 1]
  // The box stands where the bullet or number would.
  if (block.type === 'paragraph' && block.checked !== undefined && mark?.t) mark.t = block.checked ? '☑' : '☐'
  return {
    kind: kindOf(block),
    c: gap ? 'st-row st-row--gap' : 'st-row',
    text:
      block.type === 'heading'
        ? `st-text st-h st-h${block.level}`
        : block.type === 'paragraph' && block.summary
          ? 'st-text st-strong'
          : 'st-text',
    rails,
    key: block.type === 'code' ? key : -1,
    language: block.type === 'code' ? codeLanguage(block.info) : '',
    segments: [],
    rows: [],
  }
}

function kindOf({ type }: LeafContent): ViewBlock['kind'] {
  if (type === 'code' || type === 'math' || type === 'html') return 'code'
  return type === 'table' || type === 'rule' ? type : 'text'
}

function railOf(
  { type, number, note }: Enclosure,
  begins: boolean,
): { c: string; t: string; h?: string } | undefined {
  if (type === 'quote') return { c: `st-rail st-rail--quote${begins ? '' : ' st-rail--on'}`, t: '' }
  if (type !== 'item') return undefined
  const mark = number === undefined ? '•' : `${number}.`
  if (begins && note)
    return { c: 'st-rail st-rail--item st-link', t: number === undefined ? '↑' : mark, h: `#back-${note}` }
  if (begins) return { c: 'st-rail st-rail--item', t: mark }
  return mark.length > 3 ? { c: 'st-rail st-rail--item st-rail--blank', t: mark } : { c: 'st-rail', t: '' }
}

function lookOf({ kind, style, link, src }: RunLook, failed?: true): Omit<Segment, 't'> {
  const classes = [
    style & runStyle.em ? 'st-em' : '',
    style & runStyle.strong ? 'st-strong' : '',
    style & runStyle.del ? 'st-del' : '',
    style & runStyle.sub ? 'st-sub' : '',
    style & runStyle.sup ? 'st-sup' : '',
    style & runStyle.mark ? 'st-mark' : '',
    style & runStyle.kbd ? 'st-code' : '',
    kind === 'code' ? 'st-code' : '',
    kind === 'math' ? 'st-math' : '',
    failed ? 'st-math--failed' : '',
    link ? 'st-link' : '',
  ].filter(Boolean)
  return {
    ...(classes.length ? { c: classes.join(' ') } : {}),
    ...(link ? { h: link.href } : {}),
    ...(kind === 'image' && src ? { s: src } : {}),
  }
}
