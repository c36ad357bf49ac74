import type { InlineParser } from './inline-parser.js'
import type { Leaf } from './leaf.js'
import type { Align } from './markdown-types.js'
import type { OpSink } from './op-sink.js'

const delimiterRow = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/

function alignOf(cell: string): Align {
  const text = cell.trim()
  const left = text.charAt(0) === ':'
  const right = text.charAt(text.length - 1) === ':'
  return left && right ? 'center' : left ? 'left' : right ? 'right' : 'none'
}

function countCells(row: string): number {
  const bars = row.trim().replace(/\\[\\|]/g, '.')
  if (bars === '|') return 0
  return bars.replace(/^\|/, '').replace(/\|$/, '').split('|').length
}

/** The columns of the table that `header` and the delimiter row `line` begin, or `undefined`. */
export function tableColumns(header: string, line: string): Align[] | undefined {
  // Of dashes alone it underlines a heading, whatever stands above it.
  if (!/[|:]/.test(line) || (line.indexOf('|') < 0 && header.indexOf('|') < 0)) return undefined
  if (!delimiterRow.test(line)) return undefined
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|')
  return cells.length === countCells(header) ? cells.map(alignOf) : undefined
}

/** A table; its rows come cell by cell. A row has as many cells as the header. */
export class Table implements Leaf {
  private readonly key: number
  private row = -1
  private cell = -1
  private index = 0
  private edge = true
  /** A backslash whose next character has not come. */
  private carry = ''

  constructor(
    private readonly sink: OpSink,
    private readonly inline: InlineParser,
    private readonly align: readonly Align[],
    header: string,
    gap: boolean,
  ) {
    this.key = sink.open({ type: 'table', align }, gap)
    this.beginRow(true)
    this.write(header)
    this.endLine()
  }

  beginRow(header = false): void {
    this.row = this.sink.open({ type: 'row', header }, false)
    this.index = 0
    this.edge = true
  }

  write(text: string): void {
    const all = this.carry + text
    this.carry = ''
    let from = 0
    for (let at = 0; at < all.length; at++) {
      const char = all.charAt(at)
      if (char === '\\') {
        if (at + 1 === all.length) {
          this.put(all.slice(from, at))
          this.carry = char
          return
        }
        at++
        if (all.charAt(at) !== '|') continue
        this.put(all.slice(from, at - 1))
        from = at
      } else if (char === '|') {
        this.put(all.slice(from, at))
        from = at + 1
        if (!this.edge) this.endCell()
        this.edge = false
      }
    }
    this.put(all.slice(from))
  }

  endLine(): boolean {
    this.put(this.carry)
    this.carry = ''
    if (this.cell >= 0) this.endCell()
    while (this.index < this.align.length) this.endCell()
    this.sink.close(this.row)
    return false
  }

  close(): void {
    this.sink.close(this.key)
  }

  private put(text: string): void {
    const content = this.cell < 0 ? text.replace(/^[ \t]+/, '') : text
    if (!content || this.index >= this.align.length) return
    this.edge = false
    if (this.cell < 0) this.beginCell()
    this.inline.feed(content)
  }

  private beginCell(): void {
    this.cell = this.sink.open({ type: 'cell', align: this.align[this.index] as Align }, false)
  }

  private endCell(): void {
    if (this.index < this.align.length) {
      if (this.cell < 0) this.beginCell()
      this.inline.finish()
      this.sink.close(this.cell)
    }
    this.cell = -1
    this.index++
  }
}
