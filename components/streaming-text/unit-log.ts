import type { Align, Enclosure, FlatOp, LeafContent, RunLook } from 'uni-sse-channel/markdown'
import { shallowRef } from 'vue'
import type { FormulaOp, ViewOp } from 'uni-sse-channel'
import { codeLanguage } from './code-language'
import { noteLabel } from './note-label'
import type { Sink } from './section'
import { ColumnWidths } from './column-widths'

/** Ends what is text and starts an instruction. JSON writes it as the one byte it is. */
const DEL = '\u007f'

/**
 * A unit is replaced by a new one when it holds this much, at the next block; inside a block only when it
 * holds a multiple. The view folds a whole unit at every flush, so units keep that cost bounded.
 */
const MAX_CHARS = 2000
const MAX_ENTRIES = 96
const INSIDE_CODE = 2
const INSIDE_BLOCK = 4

/** What shows a unit. */
export interface UnitView {
  /** The unit so far. */
  begin(entries: readonly string[], cursor: boolean): void
  append(index: number, entry: string): void
  setCursor(visible: boolean): void
}

interface Unit {
  readonly id: number
  readonly entries: string[]
  chars: number
  view: UnitView | undefined
}

let units = 0

/**
 * Operations as an append-only log of strings, cut into units, which `fold.wxs` folds into blocks and runs in
 * the view. (Both `.wxs` files are sent as they stand, so what they do is said here.) One flush appends one string, and nothing is ever sent again.
 *
 * Text stands as it is; an instruction is DEL, a letter, and for some an argument that ends with a space:
 * - `P` paragraph, `S` summary, `N` `Y` task that is open or done, `1`…`6` heading, `C` code, `M` math, `H` HTML, `R` rule,
 *   `T` table, `E` empty item; argument: `~` goes on from the unit before, `.` no space above, then the
 *   containers, `q` quote, `Q` quote that starts, `l` list item, `u` item that starts, `o7;` the same with
 *   number 7, `O100;` item whose number needs more room, `na;` footnote that starts, with its label; then after `|` a code block's key and language, or a table's alignments
 * - `a` and beyond: text looks so: 1 emphasis, 2 strong, 4 deleted, 8 code, 32 below, 64 above, 128 marked, 256 key. `@` the same with a letter and an address
 * - `!` image: address and link, each ending with a space, then its alternative text; `$` math, `#` what
 *   failed to be a formula; `&` `*` formula: its parts (see formula.wxs), a line's end, then its source
 * - `=` `-` row of a header or body, with its first cell; `|` next cell; `A` how it is aligned, where its column does not
 *   tell; `W` widths of columns
 * - `Z` how the last line of code is coloured: letter and length of each stretch
 */
export class UnitLog implements Sink {
  /** Ids of the units; each wants a component, in this order. */
  readonly units = shallowRef<readonly number[]>([])
  private readonly list: Unit[] = []
  private pending = ''
  private look = 'a'
  private header = ''
  private columns: ColumnWidths | undefined
  private cells = 0
  private align: readonly Align[] = []
  private cursor = false

  write(ops: readonly ViewOp[]): void {
    for (const op of ops) this.encode(op)
    this.put()
  }

  /** The oldest unit without a view gets this one. Returns what frees it again. */
  claim(view: UnitView): () => void {
    const unit = this.list.find((one) => !one.view)
    if (!unit) return () => undefined
    unit.view = view
    view.begin(unit.entries, this.cursor && unit === this.last)
    return () => {
      unit.view = undefined
    }
  }

  setCursor(visible: boolean): void {
    this.cursor = visible
    this.last?.view?.setCursor(visible)
  }

  private get last(): Unit | undefined {
    return this.list[this.list.length - 1]
  }

  private encode(op: ViewOp): void {
    switch (op.op) {
      case 'block':
        this.columns = op.block.type === 'table' ? new ColumnWidths() : undefined
        if (!this.list.length || this.isOver(1)) this.open()
        this.header = headerOf(op)
        this.align = op.block.type === 'table' ? op.block.align : []
        this.look = 'a'
        this.pending += DEL + this.header
        break
      case 'row':
        if (this.isOver(INSIDE_BLOCK)) this.splitTable()
        this.columns?.row()
        this.cells = 0
        this.look = 'a'
        this.pending += DEL + (op.header ? '=' : '-')
        break
      case 'cell':
        this.columns?.cell()
        this.look = 'a'
        if (this.cells++) this.pending += DEL + '|'
        if (op.align !== (this.align[this.cells - 1] ?? 'none'))
          this.pending += `${DEL}A${op.align.charAt(0)} `
        break
      case 'run':
        this.run(op.look, op.failed)
        break
      case 'formula':
        this.formula(op)
        break
      case 'text':
        this.text(op.text.split(DEL).join(''))
        break
      case 'colour':
        this.pending += `${DEL}Z${op.colours} `
        break
    }
  }

  private formula({ look, source, formula }: FormulaOp): void {
    const parts = formula.toText()
    this.columns?.text(source)
    this.pending += `${DEL}${look.display ? '*' : '&'}${parts}\n${source.split(DEL).join('')}`
    // The view reads them once, so they hardly make folding dearer; a cut would break the line they stand in.
    if (this.last) this.last.chars -= parts.length * 0.9
    this.look = ''
  }

  private run(look: RunLook, failed?: true): void {
    if (look.kind === 'break') {
      this.pending += '\n'
      return
    }
    const href = look.link ? look.link.href : ''
    const letter = String.fromCharCode(97 + look.style + (look.kind === 'code' ? 8 : 0))
    const code =
      look.kind === 'image'
        ? `!${look.src ?? ''} ${href} `
        : look.kind === 'math'
          ? failed
            ? '#'
            : '$'
          : href
            ? `@${letter}${href} `
            : letter
    if (code !== this.look) this.pending += DEL + code
    this.look = look.kind === 'image' || look.kind === 'math' ? '' : code
  }

  private text(text: string): void {
    this.columns?.text(text)
    const isCode = this.header.charAt(0) === 'C'
    if (!this.isOver(isCode ? INSIDE_CODE : INSIDE_BLOCK) || this.columns) {
      this.pending += text
      return
    }
    // Code goes on in the next unit at a line's start, other text wherever it stands.
    const at = isCode ? text.indexOf('\n') : 0
    if (at < 0 && !this.isOver(INSIDE_BLOCK)) {
      this.pending += text
      return
    }
    const cut = Math.max(at, 0)
    this.pending += text.slice(0, cut)
    const { look } = this
    this.open()
    this.pending += DEL + continued(this.header) + (look === 'a' ? '' : DEL + look)
    this.pending += text.slice(isCode && at >= 0 ? cut + 1 : cut)
  }

  /** Both halves get the widths that the columns have so far. */
  private splitTable(): void {
    const widths = `${DEL}W${this.columns?.widths() ?? ''} `
    this.pending += widths
    this.open()
    this.pending += DEL + continued(this.header) + widths
  }

  private isOver(times: number): boolean {
    const unit = this.last
    if (!unit) return false
    return unit.chars + this.pending.length >= times * MAX_CHARS || unit.entries.length >= times * MAX_ENTRIES
  }

  private open(): void {
    this.put()
    if (this.cursor) this.last?.view?.setCursor(false)
    const unit: Unit = { id: ++units, entries: [], chars: 0, view: undefined }
    this.list.push(unit)
    this.units.value = [...this.units.value, unit.id]
  }

  private put(): void {
    const unit = this.last
    if (!unit || !this.pending) return
    const entry = this.pending
    this.pending = ''
    unit.chars += entry.length
    unit.entries.push(entry)
    unit.view?.append(unit.entries.length - 1, entry)
  }
}

function headerOf({ key, block, gap, path, starts }: Extract<FlatOp, { op: 'block' }>): string {
  const rails = path.map((one, at) => railOf(one, at >= path.length - starts)).join('')
  return `${letterOf(block)}${gap ? '' : '.'}${rails}${argumentOf(key, block)} `
}

function railOf({ type, number, note }: Enclosure, begins: boolean): string {
  if (type === 'quote') return begins ? 'Q' : 'q'
  if (type !== 'item') return ''
  if (!begins) return number === undefined || number < 100 ? 'l' : `O${number};`
  if (note) return `n${noteLabel(note)};`
  return number === undefined ? 'u' : `o${number};`
}

function letterOf(block: LeafContent): string {
  switch (block.type) {
    case 'paragraph':
      if (block.summary) return 'S'
      return block.checked === undefined ? 'P' : block.checked ? 'Y' : 'N'
    case 'heading':
      return String(block.level)
    default:
      return block.type.charAt(0).toUpperCase()
  }
}

function argumentOf(key: number, block: LeafContent): string {
  if (block.type === 'code') return `|${key},${codeLanguage(block.info).split(DEL).join('')}`
  if (block.type === 'table') return `|${block.align.map((align) => align.charAt(0)).join('')}`
  return ''
}

/** The header of a block's next part: no space above, no markers again. */
function continued(header: string): string {
  const at = header.search(/[| ]/)
  const rails = header
    .slice(1, at)
    .replace(/^[~.]+/, '')
    .replace(/o(?=\d{3})/g, 'O')
    .replace(/u|[on][^;]*;/g, 'l')
    .replace(/Q/g, 'q')
  return `${header.charAt(0)}~.${rails}${header.slice(at)}`
}
