import { attributeOf } from './html-subset.js'
import type { InlineParser } from './inline-parser.js'
import { mostFilled, type Limits } from './limits.js'
import type { Align, Block } from './markdown-types.js'
import type { OpSink } from './op-sink.js'
import type { Settling } from './settings.js'

const begins = /^<(?:table|[uo]l)(?:\s[^<>]*)?>\s*<(?:tr|thead|tbody|caption|colgroup|li)[\s>]/i
const mayBegin = /^<(?:table|[uo]l)(?:\s[^<>]*)?(?:>\s*(?:<[a-z]{0,8})?)?$/i
const tag = /^<(\/?)(table|caption|thead|tbody|tfoot|colgroup|col|tr|th|td|ul|ol|li|p)(?:\s[^<>]*)?>/i
const mayBeTag = /^<(?:\/?[a-z]{0,8}|\/?[a-z]{1,8}\s[^<>]*)$/i

/** Whether `text` begins a table or list of tags: a row or an item follows. `wait` while that may be. */
export function beginsStructure(text: string, limit: number): boolean | 'wait' {
  return begins.test(text) || (text.length < limit && mayBegin.test(text) && 'wait')
}

/** Blanks that may go on, as short as they mean the same. */
const shortened = (blanks: string) => blanks.replace(/[ \t]+/g, ' ').replace(/ ?(?:\n ?)+\n ?/, '\n\n')

/** A table or list that is open, with the keys of what is open in it; -1 where none is. */
interface Frame {
  readonly key: number
  /** Of a list: its next item. */
  number: number
  readonly kind: 'table' | 'list'
  outer: number
  inner: number
  cells: number
  /** How many more the open cell takes. */
  more: number
  columns: number
  /** Cells that its short rows were filled with. */
  filled: number
}

/**
 * A table or list that is written as tags. What is between them is inline content; a blank line with text behind it ends
 * it, as it ends HTML in CommonMark. Attributes mean nothing but the alignment of a cell, and the columns it takes.
 */
export class HtmlStructure {
  private readonly frames: Frame[] = []
  private carry = ''
  /** What stands before the next text. */
  private blank: '' | ' ' | '\n' = ''
  private isHead = false
  /** Tables inside of a cell: their cells are text. */
  private nested = 0
  /** Lists that are too deep to be any: their items are text. */
  private tooDeep = 0

  constructor(
    private readonly sink: OpSink,
    private readonly inline: InlineParser,
    private gap: boolean,
    private readonly limits: Limits,
    /** Containers around it. */
    private readonly depth: number,
  ) {}

  get held(): number {
    return this.carry.trim().length + this.inline.held
  }

  settle(what: Settling): void {
    this.inline.settle(what)
  }

  /** Takes text. Returns what follows its end, or `undefined` while it is open. */
  take(text: string): string | undefined {
    const all = this.carry + text
    this.carry = ''
    for (let at = 0; at < all.length;) {
      const rest = all.slice(at)
      const space = (/^\s*/.exec(rest) as RegExpExecArray)[0]
      const found = tag.exec(rest)
      const isOpen = space.length === rest.length || (mayBeTag.test(rest) && rest.length < this.limits.target)
      if (isOpen) {
        this.carry = space.length === rest.length ? shortened(space) : rest
        return undefined
      }
      if (space) {
        this.blank = this.blank || ' '
        at += space.length
        if (/\n[ \t]*\n/.test(space) && all.charAt(at) !== '<') return this.end(all.slice(at))
      } else if (found) {
        at += found[0].length
        this.tag((found[2] as string).toLowerCase(), !found[1], found[0])
        if (!this.frames.length) return all.slice(at)
      } else {
        const next = /[\s<]/.exec(rest.slice(1))
        const to = next ? next.index + 1 : rest.length
        this.text(rest.slice(0, to))
        at += to
      }
    }
    return undefined
  }

  close(): void {
    if (this.carry.trim()) this.text(this.carry)
    this.carry = ''
    while (this.frames.length) this.pop()
  }

  private end(rest: string): string {
    this.close()
    return rest
  }

  /** Lists in lists as deep as containers may be: each has an item. */
  private get isDeep(): boolean {
    return this.depth + 2 * this.frames.length + 2 > this.limits.depth
  }

  private get frame(): Frame | undefined {
    return this.frames[this.frames.length - 1]
  }

  private open(block: Block): number {
    const key = this.sink.open(block, this.gap)
    this.gap = false
    return key
  }

  private text(text: string): void {
    const { frame } = this
    if (!frame) return
    if (frame.inner < 0) {
      this.blank = ''
      if (frame.kind === 'table') this.cell('td', '')
      else {
        if (frame.outer < 0) this.item()
        frame.inner = this.open({ type: 'paragraph' })
      }
    }
    this.inline.feed(this.blank + text)
    this.blank = ''
  }

  private tag(name: string, opens: boolean, source: string): void {
    const { frame } = this
    const inCell = this.tooDeep || (frame && frame.kind === 'table' && frame.inner >= 0)
    if (inCell && (this.nested || name === 'table')) {
      if (name === 'table') this.nested += opens ? 1 : this.nested ? -1 : 0
      if (name === 'table' && !opens && !this.nested) return this.pop()
      this.blank = ' '
    } else if (/^(?:table|[uo]l)$/.test(name)) {
      if (this.tooDeep || (opens && !inCell && this.isDeep)) this.tooDeep += opens ? 1 : -1
      else if (inCell) return
      else if (opens) this.push(name, source)
      else this.pop()
    } else if (name === 'li') {
      if (inCell && opens) this.text('• ')
      else if (inCell) this.blank = '\n'
      else if (frame && frame.kind === 'list') {
        this.closeItem(frame)
        if (opens) this.item()
      }
    } else if (!frame) return
    else if (name === 'p') {
      if (frame.kind === 'list') this.closeInner(frame)
      else this.blank = ' '
    } else if (frame.kind === 'list') return
    else if (name === 'thead') this.isHead = opens
    else if (name === 'tr') this.closeRow(frame)
    else if (/^t[hd]$/.test(name)) {
      this.closeInner(frame)
      if (opens) this.cell(name, source)
    }
  }

  private push(name: string, source: string): void {
    const { frame } = this
    if (frame) {
      if (frame.outer < 0) this.item()
      this.closeInner(frame)
    }
    const isTable = name === 'table'
    const start = Number(attributeOf(source, 'start')) || 1
    const key = this.open(
      isTable ? { type: 'table', align: [] } : { type: 'list', ordered: name === 'ol', start },
    )
    this.isHead = false
    this.frames.push({
      key,
      number: start,
      kind: isTable ? 'table' : 'list',
      outer: -1,
      inner: -1,
      cells: 0,
      more: 0,
      columns: 0,
      filled: 0,
    })
  }

  private pop(): void {
    const { frame } = this
    if (!frame) return
    if (frame.kind === 'table') this.closeRow(frame)
    else this.closeItem(frame)
    this.nested = 0
    this.frames.pop()
    this.sink.close(frame.key)
  }

  private item(): void {
    const { frame } = this
    if (frame) frame.outer = this.open({ type: 'item', number: frame.number++ })
  }

  private closeItem(frame: Frame): void {
    this.closeInner(frame)
    if (frame.outer >= 0) this.sink.close(frame.outer)
    frame.outer = -1
  }

  private cell(name: string, source: string): void {
    const { frame } = this
    if (!frame) return
    if (frame.outer < 0) {
      const header = this.isHead || (name === 'th' && !frame.columns)
      frame.outer = this.open({ type: 'row', header })
    }
    const said = /\b(left|center|right)\b/i.exec(
      attributeOf(source, 'align') || attributeOf(source, 'style') || '',
    )
    const align = said ? ((said[1] as string).toLowerCase() as Align) : 'none'
    frame.inner = this.open({ type: 'cell', align })
    this.blank = ''
    frame.cells++
    frame.more = Math.min(Number(attributeOf(source, 'colspan')) || 1, 20) - 1
  }

  private closeInner(frame: Frame): void {
    if (frame.inner < 0) return
    this.inline.finish()
    this.sink.close(frame.inner)
    frame.inner = -1
    this.blank = ''
    for (; frame.more; frame.more--) this.emptyCell(frame)
  }

  private emptyCell(frame: Frame): void {
    this.sink.close(this.open({ type: 'cell', align: 'none' }))
    frame.cells++
  }

  private closeRow(frame: Frame): void {
    this.closeInner(frame)
    if (frame.outer < 0) return
    while (frame.cells < frame.columns && frame.filled++ < mostFilled) this.emptyCell(frame)
    this.sink.close(frame.outer)
    frame.columns = Math.max(frame.columns, frame.cells)
    frame.outer = -1
    frame.cells = 0
  }
}
