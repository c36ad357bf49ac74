import { endOfSpan, withoutSpans } from './cell-span.js'
import type { InlineParser } from './inline-parser.js'
import type { Leaf } from './leaf.js'
import { mostFilled } from './limits.js'
import type { Align } from './markdown-types.js'
import type { OpSink } from './op-sink.js'
import { MORE, NO, skipBlanks, type Scan } from './scan.js'
import type { Settings } from './settings.js'

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

const marks = /[\\|]/g

/** The next bar or backslash from `from` on; -1 where none is. */
function nextMark(row: string, from: number): number {
  marks.lastIndex = from
  return marks.test(row) ? marks.lastIndex - 1 : -1
}

const columnsOf = (line: string) => line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').map(alignOf)

/** A clause ends: no header of a table has it but a long one. */
const prose = /[，。；！？]|[,;.!?]\s/

/**
 * Whether `line`, as far as it came, is a table's row for a reader: behind its first bar stands a cell between blanks and
 * nothing in it is prose, or there are three bars in its `many` characters.
 */
export function looksLikeRow(line: string, many: number): boolean {
  return (
    (/^\|[ \t]+[^|\s](?:[^|]*[^|\s])?[ \t]+\|[ \t]/.test(line.slice(0, many)) && !prose.test(line)) ||
    (line.length >= many && line.slice(0, many).split('|').length > 3)
  )
}

/** The columns of the table that `header` and the delimiter row `line` begin, or `undefined`; `spans` may have bars in them. */
export function tableColumns(header: string, line: string, spans: boolean): Align[] | undefined {
  // Of dashes alone it underlines a heading, whatever stands above it.
  if (!/[|:]/.test(line) || (line.indexOf('|') < 0 && header.indexOf('|') < 0)) return undefined
  if (!delimiterRow.test(line)) return undefined
  const columns = columnsOf(line)
  const { length } = columns
  return length === countCells(header) || (spans && length === countCells(withoutSpans(header)))
    ? columns
    : undefined
}

/**
 * A table; its rows come cell by cell. A row has as many cells as the header. Where the header is shown before its
 * delimiter row came, `align` is undefined.
 */
export class Table implements Leaf {
  private align: readonly Align[] | undefined
  /** How many cells a row has. */
  private columns = 1 / 0
  private readonly key: number
  private row = -1
  private cell = -1
  private index = 0
  private filled = 0
  private edge = true
  /** A backslash whose next character has not come, or a bar in code or a formula and what follows it. */
  private carry = ''

  constructor(
    private readonly sink: OpSink,
    private readonly inline: InlineParser,
    private readonly settings: Settings,
    align: readonly Align[] | undefined,
    header: string,
    gap: boolean,
  ) {
    this.key = sink.open({ type: 'table', align: align || [] }, gap)
    this.align = align
    if (align) this.columns = align.length
    this.beginRow(true)
    this.write(header)
    if (align) this.endLine()
  }

  get heldLength(): number {
    return this.carry.length
  }

  /** Whether the line below the header is `line`, its delimiter row. */
  takesDelimiter(line: string): boolean {
    if (this.align || !delimiterRow.test(line) || line.indexOf('-') < 0) return false
    this.align = columnsOf(line)
    return true
  }

  /** Whether a line that begins with `text` goes on with it. */
  takesRow(text: string): boolean {
    if (!this.align && text.charAt(0) === '|') this.align = []
    return !!this.align
  }

  /** Its header is complete, and nothing below it has come. */
  get awaitsDelimiter(): boolean {
    return !this.align
  }

  beginRow(header = false): void {
    this.row = this.sink.open({ type: 'row', header }, false)
    this.index = 0
    this.edge = true
  }

  write(text: string): void {
    this.read(this.carry + text, false)
  }

  private read(all: string, complete: boolean): void {
    this.carry = ''
    let from = 0
    for (let at = nextMark(all, 0); at >= 0; at = nextMark(all, at + 1)) {
      if (all.charAt(at) === '|') {
        this.put(all.slice(from, at))
        from = at
        const end = this.spanBehind(all, at, complete)
        if (end === MORE) {
          this.carry = all.slice(at)
          return
        }
        if (end) {
          this.put(all.slice(at, end).replace(/\\\|/g, '|'))
          from = end
          at = end - 1
          continue
        }
        from = at + 1
        if (!this.edge) this.endCell()
        this.edge = false
        continue
      }
      if (at + 1 === all.length && !complete) {
        this.put(all.slice(from, at))
        this.carry = '\\'
        return
      }
      at++
      if (all.charAt(at) !== '|') continue
      this.put(all.slice(from, at - 1))
      from = at
    }
    this.put(all.slice(from))
  }

  /**
   * Where the code or formula ends that is open at the bar at `at`, if the bar is part of it: text would be lost otherwise, as
   * the row would have more cells than the header.
   */
  private spanBehind(all: string, at: number, complete: boolean): Scan {
    const closer = this.settings.has.code && this.cell >= 0 && this.inline.openCloser
    if (!closer || this.index >= this.columns || this.columns === 1 / 0) return NO
    const { span } = this.settings.limits
    const rest = all.slice(at, at + span)
    const mayGrow = !complete && all.length - at <= span
    const end = endOfSpan(rest, closer, mayGrow)
    if (end > 0 && this.overflows(rest)) return at + end
    return mayGrow ? MORE : NO
  }

  /** Whether `rest`, which begins with a bar, has more cells than the row has left. */
  private overflows(rest: string): boolean {
    const cells = rest.replace(/\\[\\|]/g, '.').split('|')
    return (
      cells
        .slice(this.columns - this.index)
        .join('')
        .trim() !== ''
    )
  }

  endLine(): boolean {
    this.read(this.carry, true)
    if (this.cell >= 0) this.endCell()
    if (this.columns === 1 / 0) this.columns = this.index
    while (this.index < this.columns && this.filled++ < mostFilled) this.endCell()
    this.sink.close(this.row)
    return false
  }

  close(): void {
    this.sink.close(this.key)
  }

  private put(text: string): void {
    const content = this.cell < 0 ? text.slice(skipBlanks(text, 0)) : text
    if (!content || this.index >= this.columns) return
    this.edge = false
    if (this.cell < 0) this.beginCell()
    this.inline.feed(content)
  }

  private beginCell(): void {
    const align = (this.align && this.align[this.index]) || 'none'
    this.cell = this.sink.open({ type: 'cell', align }, false)
  }

  private endCell(): void {
    if (this.index < this.columns) {
      if (this.cell < 0) this.beginCell()
      this.inline.finish()
      this.sink.close(this.cell)
    }
    this.cell = -1
    this.index++
  }
}
