import type { LineCursor } from './line-cursor.js'
import type { Block } from './markdown-types.js'
import type { OpSink } from './op-sink.js'

/** An open block that holds blocks. */
export interface Container {
  readonly type: 'quote' | 'list' | 'item' | 'reasoning' | 'details'
  readonly key: number
  /** An item's content starts at this column of its list. */
  readonly indent: number
  /** What a list's items have in common: their bullet, or what follows their number. */
  readonly marker: string
  /** Nothing opened in it yet. */
  empty: boolean
}

/** The open containers, outermost first, and how many of them the current line continues. */
export class Containers {
  readonly stack: Container[] = []
  matched = 0
  /** The line before was blank, inside this many quotes; -1 when it was not. */
  private blankInQuotes = -1

  constructor(private readonly sink: OpSink) {}

  get last(): Container | undefined {
    return this.stack[this.stack.length - 1]
  }

  get allMatched(): boolean {
    return this.matched === this.stack.length
  }

  /** Continues what the line's start continues; false while that needs more of the line. */
  match(line: LineCursor, complete: boolean): boolean {
    for (; this.matched < this.stack.length; this.matched++) {
      const container = this.stack[this.matched] as Container
      if (container.type !== 'quote' && container.type !== 'item') continue
      const blank = line.look()
      if (blank && !complete) return false
      if (container.type === 'item') {
        if (blank ? container.empty : line.indent < container.indent) return true
        line.skip(blank ? line.indent : container.indent)
        continue
      }
      if (blank || line.indent > 3 || line.text.charAt(line.next) !== '>') return true
      if (line.next + 1 === line.text.length && !complete) return false
      line.take(1)
      line.skip(1)
    }
    return true
  }

  open(type: Container['type'], block: Block, indent = 0, marker = ''): void {
    const key = this.sink.open(block, this.takeGap())
    this.stack.push({ type, key, indent, marker, empty: true })
    this.matched = this.stack.length
  }

  /** Closes the innermost ones down to `count`. */
  closeTo(count: number): void {
    while (this.stack.length > count) {
      const container = this.stack.pop()
      if (container) this.sink.close(container.key)
    }
    this.matched = Math.min(this.matched, count)
  }

  /** A block opens in the innermost one: tells whether a blank line came before it. */
  takeGap(): boolean {
    const { last } = this
    const gap = this.blankInQuotes >= 0 && this.blankInQuotes <= this.quotes()
    if (last) last.empty = false
    this.blankInQuotes = -1
    return gap
  }

  /** The current line is blank. */
  noteBlank(): void {
    this.blankInQuotes = this.quotes()
  }

  /** Gives back a gap taken for a block that showed nothing. */
  restoreGap(): void {
    this.blankInQuotes = 0
  }

  private quotes(): number {
    let count = 0
    for (const { type } of this.stack) if (type === 'quote') count++
    return count
  }
}
