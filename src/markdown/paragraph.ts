import { withFormulas } from '../core/built-for.js'
import { unescape } from './entity.js'
import { leavesFormulaOpen } from './formula.js'
import type { CodeFence } from './glued-fence.js'
import type { InlineParser } from './inline-parser.js'
import type { Leaf } from './leaf.js'
import { scanDefinition } from './link-syntax.js'
import type { Block } from './markdown-types.js'
import type { OpSink } from './op-sink.js'
import { safeUrl } from './safe-url.js'
import { NO, type Scan } from './scan.js'
import { looksLikeRow } from './table.js'
import type { Settings, Settling } from './settings.js'

// A header without outer bars has no such cell.
const longCell = /\|[^|]{40}/

// A longer header, with outer bars, is shown before its delimiter row comes, and then not aligned.
const header = 60

/**
 * A paragraph, or what may turn out to be one: its opening characters wait, since a line below can make
 * them a setext heading or a table's header, and a link definition shows nothing. Later lines wait only
 * where they begin with `|`.
 */
export class Paragraph implements Leaf {
  /** The block's key once it is shown. */
  private key = -1
  private held = ''
  /** Where the current line starts in `held`. */
  private lineStart = 0
  private state: 'opening' | 'shown' | 'row' = 'opening'
  /** A line end to be shown with the next line. */
  private lineEnd = ''
  private definitions = true

  constructor(
    private readonly sink: OpSink,
    private readonly inline: InlineParser,
    private readonly settings: Settings,
    /** Whether a blank line came before it. */
    public gap: boolean,
    private readonly inItem: boolean,
  ) {}

  /** The last line, if it may be a table's header. */
  get header(): string | undefined {
    if (this.state === 'shown' || !this.settings.has.table) return undefined
    const line = this.held.slice(this.lineStart)
    return line.indexOf('|') < 0 ? undefined : line
  }

  /** If it ends here: takes its definitions, and tells whether nothing else came. */
  endsEmpty(): boolean {
    if (this.state === 'opening') this.define(true)
    return this.state === 'opening' && !this.held
  }

  get heldLength(): number {
    return this.held.length
  }

  /** Nothing of it is shown yet. */
  get undecided(): boolean {
    return this.state === 'opening'
  }

  /** Whether an underline still makes it a heading. */
  canBeHeading(): boolean {
    return this.state === 'opening' && !this.endsEmpty() && this.held.length <= this.settings.limits.opening
  }

  /** Another line, which starts with `text`. */
  beginLine(text: string): void {
    const { opening } = this.settings.limits
    if (this.state === 'opening') {
      if (!this.held) return
      this.held += '\n'
      this.lineStart = this.held.length
      if (this.mayDefine() || this.held.length <= opening) return
      this.held = this.held.slice(0, -1)
    }
    this.show()
    this.lineEnd = '\n'
    if (this.settings.has.table && text.charAt(0) === '|') this.state = 'row'
  }

  write(text: string): void {
    if (this.state === 'shown') {
      this.inline.feed(this.lineEnd + text)
      this.lineEnd = ''
      return
    }
    this.held += text
    const { opening, span, target } = this.settings.limits
    const line = this.held.length - this.lineStart
    if (this.isRow) {
      if (line > span && !this.showsRow()) this.show()
      return
    }
    const link = this.mayDefine()
    const { length } = this.held
    if (length <= opening && length <= span && length <= target) return
    const bar = this.held.slice(this.lineStart, opening + 1).indexOf('|') >= 0
    const box = this.inItem && /^\[[ xX]\][ \t]*$/.test(this.held)
    // Text that goes on behind its bar is prose.
    const prose = longCell.test(this.held) || length > span
    const limit = link || box ? target : bar && !prose ? span : opening
    if (length > limit) this.show()
  }

  /** The line begins with a bar. */
  private get isRow(): boolean {
    return this.state !== 'shown' && this.settings.has.table && this.held.charAt(this.lineStart) === '|'
  }

  /** Whether its line is to be shown as a table's header before the line below it comes; `soon` where it waited long. */
  showsRow(soon = false): boolean {
    if (!this.isRow) return false
    const line = this.held.slice(this.lineStart)
    return soon
      ? /^\|[ \t]+[^|\s]/.test(line)
      : line.length > header && looksLikeRow(line, this.settings.limits.span + 1)
  }

  endLine(): boolean {
    return false
  }

  /** The formula that its last line leaves open; what came before it is shown then. */
  openFormula(): string | undefined {
    if (!withFormulas || this.state === 'row' || !this.settings.has.math) return undefined
    if (this.state === 'opening' && leavesFormulaOpen(this.held) && !this.mayDefine()) this.show()
    return this.state === 'shown' ? this.inline.formula : undefined
  }

  /** The fence of code that its last line ends with. */
  openFence(): CodeFence | undefined {
    if (this.state === 'row' || !this.settings.has.code) return undefined
    if (this.state === 'opening' && /`{3}[^`]*$/.test(this.held) && !this.mayDefine()) this.show()
    return this.state === 'shown' ? this.inline.codeFence : undefined
  }

  dropFence(): void {
    this.inline.dropFence()
  }

  /** Takes lines at once, which are text from their first character on. */
  writeLines(text: string): void {
    this.held += text
    this.show()
  }

  /** Shows what only waits for the next line; what may be a table or a definition is no word. */
  settle(what: Settling): void {
    const undecided = this.mayDefine() || this.header !== undefined
    if (this.held && (what !== 'words' || !undecided)) this.show()
    if (this.state === 'shown') this.inline.settle(what)
  }

  /** Ends it as a setext heading. */
  closeAsHeading(level: number): void {
    const key = this.sink.open({ type: 'heading', level }, this.gap)
    this.inline.feed(this.held)
    this.inline.finish()
    this.sink.close(key)
  }

  /** Ends it before its last line, a table's header; true when it had no other line. */
  closeBeforeHeader(): boolean {
    this.held = this.state === 'row' ? '' : this.held.slice(0, Math.max(0, this.lineStart - 1))
    this.lineStart = 0
    this.close()
    return this.key < 0
  }

  close(): void {
    if (this.endsEmpty()) return
    if (this.held || this.state === 'opening') this.show()
    this.inline.finish()
    this.sink.close(this.key)
  }

  private show(): void {
    let text = this.held
    this.held = ''
    if (this.state === 'opening') {
      const task = this.inItem && this.settings.has.task ? /^\[([ xX])\][ \t]+(?=\S)/.exec(text) : null
      if (task) text = text.slice(task[0].length)
      const block: Block = task ? { type: 'paragraph', checked: task[1] !== ' ' } : { type: 'paragraph' }
      this.key = this.sink.open(block, this.gap)
    }
    this.state = 'shown'
    if (text) {
      this.inline.feed(this.lineEnd + text)
      this.lineEnd = ''
    }
  }

  private mayDefine(): boolean {
    this.define(false)
    return this.definitions && this.held.charAt(0) === '['
  }

  /** What begins like a definition and is none for a reader: speech, a warning, a bracket in a long text. */
  private isProse(end: Scan): boolean {
    if (!this.settings.has.definition) return false
    const target = /^(\[(?:[^\]\\]|\\.)*\]:)\s*(\S*)/.exec(this.held)
    const label = target ? (target[1] as string) : this.held
    if (!target || label.length > this.settings.limits.span) return label.length > this.settings.limits.span
    const address = target[2] as string
    if (end < 0 && /^[\x21-\x7e]*$/.test(address)) return false
    return !/^(?:<|[\w.~%?#/+-]*[/.:#?])/.test(address)
  }

  /** A definition stands as a paragraph of its own, so that nothing of it is lost. */
  private showDefinition(source: string): void {
    if (!this.settings.has.definition) return
    const key = this.sink.open({ type: 'paragraph' }, this.gap)
    this.gap = false
    this.inline.feed(source.replace(/\n$/, ''))
    this.inline.finish()
    this.sink.close(key)
  }

  /** Takes the definitions it starts with. */
  private define(final: boolean): void {
    const { entities, limits, references, schemes } = this.settings
    while (this.definitions && this.held.charAt(0) === '[') {
      const found = scanDefinition(this.held, final)
      const tooLong = (found.end < 0 ? this.held.length : found.end) > limits.target
      if (found.end === NO || tooLong || this.isProse(found.end)) this.definitions = false
      if (found.end <= 0 || !this.definitions) return
      this.showDefinition(this.held.slice(0, found.end))
      if (!references.has(found.label)) {
        const href = safeUrl(unescape(found.href, entities), schemes)
        references.set(
          found.label,
          href === undefined ? href : { href, title: unescape(found.title, entities) },
        )
      }
      this.held = this.held.slice(found.end)
      this.lineStart = Math.max(0, this.lineStart - found.end)
    }
  }
}
