import { withHtml } from '../core/built-for.js'
import { BlockOpeners } from './block-openers.js'
import { Containers } from './containers.js'
import { IndentedCode } from './indented-code.js'
import { HtmlStructure } from './html-structure.js'
import { InlineParser } from './inline-parser.js'
import { isVerbatim, type Leaf } from './leaf.js'
import { LineCursor } from './line-cursor.js'
import type { Align } from './markdown-types.js'
import { OpenFormula } from './open-formula.js'
import type { OpSink } from './op-sink.js'
import { Paragraph } from './paragraph.js'
import type { Settings, Settling } from './settings.js'
import { Table } from './table.js'

/** How far the current line is read: its containers, its leaf's own marks, block starts, or text. */
type Stage = 'containers' | 'formula' | 'leaf' | 'starts' | 'text'

/**
 * Blocks, line by line, where a line may come in pieces: its start waits until it is decided, then the rest
 * streams into its leaf. @see https://spec.commonmark.org/0.31.2/#phase-1-block-structure
 */
export class BlockParser {
  readonly inline: InlineParser
  readonly containers: Containers
  readonly line = new LineCursor()
  leaf: Leaf | undefined
  /** A container opened on the current line, or a tag was passed over. */
  nested = false
  inReasoning = false
  /** After a tag that was passed over, up to a blank line: the indentation of source means nothing. */
  inHtml = false
  /** What follows the tag that opened it, to be written again: the closing tag may be in it. */
  afterReasoning: string | undefined
  /** The table or list of tags that is open: nothing of it is read as lines. */
  structure: HtmlStructure | undefined
  /** The rest of a line that may begin one. */
  tagAhead = ''
  /** What seems to begin one on this line does not. */
  refusesStructure = false
  stage: Stage = 'containers'
  readonly openers: BlockOpeners
  readonly formula: OpenFormula

  constructor(
    readonly sink: OpSink,
    readonly settings: Settings,
  ) {
    this.inline = new InlineParser(sink, settings)
    this.containers = new Containers(sink)
    this.openers = new BlockOpeners(this)
    this.formula = new OpenFormula(this)
  }

  /** Characters that wait for more text and may be seen: a table's delimiter row is not, nor are blanks at the end. */
  get held(): number {
    const { text, position } = this.line
    if (this.structure) return this.structure.held
    const isUnseen = this.stage === 'text' || /^[|:\- \t]*$/.test(text.slice(position))
    const line = isUnseen ? 0 : text.length - position
    const { leaf } = this
    const waiting = leaf && leaf.heldLength ? leaf.heldLength : 0
    return line + waiting + this.inline.held + this.formula.held
  }

  /** What follows is not read as a line's rest. */
  get turns(): boolean {
    return this.afterReasoning !== undefined || !!this.tagAhead
  }

  /** A closing tag behind text on this line ends what is folded. */
  get endsDetails(): boolean {
    const { containers, formula, leaf, structure } = this
    if (formula.isOpen || structure || (leaf && isVerbatim(leaf))) return false
    return containers.stack.some(({ type }) => type === 'details')
  }

  /** Takes a part of a line, without its end. */
  write(text: string): void {
    if (this.stage === 'text') {
      this.writeLeaf(text)
      return
    }
    const { line } = this
    line.append(text, this.settings.limits.target)
    this.advance(false)
  }

  endLine(): void {
    if (this.stage !== 'text') this.advance(true)
    else this.endLeafLine()
    this.beginLine()
  }

  /** Shows what is held: never a line's start, but for a number, which may begin an item. */
  settle(what: Settling): void {
    const { line } = this
    if (this.structure) return this.structure.settle(what)
    if (
      what !== 'words' &&
      this.stage === 'starts' &&
      !line.look() &&
      /^\d+$/.test(line.text.slice(line.next))
    )
      this.textLine()
    const { leaf } = this
    if (!(leaf instanceof Paragraph)) {
      if (this.stage === 'text') this.inline.settle(what)
    } else if (what === 'likely' && leaf.showsRow(true)) this.openTable(leaf, undefined)
    else leaf.settle(what)
  }

  /** Closes everything; what follows starts a line. */
  closeAll(): void {
    if (this.structure) this.structure.close()
    this.structure = undefined
    if (this.stage === 'text' || this.line.text) this.endLine()
    this.formula.close()
    this.closeLeaf()
    this.containers.closeTo(0)
    this.inReasoning = false
  }

  /** What follows is reasoning, up to the tag that ends it. */
  openReasoning(): void {
    this.closeUnmatched()
    this.containers.open('reasoning', { type: 'reasoning' })
    this.inReasoning = true
  }

  /** A table or list of tags begins. */
  openStructure(): void {
    if (!withHtml) return
    this.closeUnmatched()
    this.beginLine()
    this.structure = new HtmlStructure(
      this.sink,
      this.inline,
      this.containers.takeGap(),
      this.settings.limits,
      this.containers.stack.length,
    )
  }

  /** Forgets the current line's start; what follows is read as a line. */
  beginLine(): void {
    this.line.reset()
    this.stage = 'containers'
    this.containers.matched = 0
    this.nested = false
    this.refusesStructure = this.formula.isRereading
  }

  /** Closes what ends here and tells whether the block that follows has a gap above it. */
  begin(): boolean {
    this.closeUnmatched()
    return this.containers.takeGap()
  }

  /** A leaf opened, with the rest of its line. */
  beginText(leaf: Leaf, text: string): 'text' {
    this.leaf = leaf
    leaf.write(text)
    return 'text'
  }

  /** Closes what the current line does not continue, and a list unless an item is to follow. */
  closeUnmatched(keepList = false): void {
    const { containers } = this
    this.closeLeaf()
    containers.closeTo(containers.matched)
    const { last } = containers
    if (last && last.type === 'list' && !keepList) containers.closeTo(containers.stack.length - 1)
  }

  closeLeaf(): void {
    const { leaf } = this
    if (!leaf) return
    leaf.close()
    if (leaf instanceof Paragraph && leaf.endsEmpty() && leaf.gap) this.containers.restoreGap()
    this.leaf = undefined
  }

  advance(complete: boolean): void {
    const { containers, line } = this
    if (this.stage === 'containers') {
      if (!containers.match(line, complete)) return
      this.stage = this.formula.isOpen ? 'formula' : 'leaf'
    }
    if (this.stage === 'formula') return this.formula.continue(complete)
    if (this.stage === 'leaf') {
      if (this.leaf instanceof Paragraph && !this.openers.fenceBehind(this.leaf, complete)) return
      if (!this.resumeLeaf(complete)) return
    }
    while (this.stage === 'starts') {
      if (line.look()) {
        if (complete) this.blankLine()
        return
      }
      const opened = this.openers.open(complete)
      if (opened === 'wait' || opened === 'line') return
      if (opened === 'text') this.stage = 'text'
      if (opened === 'none') this.textLine()
    }
    if (complete && this.stage === 'text') this.endLeafLine()
  }

  /** A leaf that reads its own lines comes before block starts. False when the line needs no more now. */
  private resumeLeaf(complete: boolean): boolean {
    const { containers, leaf, line } = this
    const resumed = leaf && isVerbatim(leaf) && containers.allMatched ? leaf.resume(line, complete) : 'over'
    if (resumed === 'wait' || resumed === 'taken') return false
    if (leaf && resumed === 'text') {
      this.stage = 'text'
      leaf.write(line.rest())
      return true
    }
    this.stage = 'starts'
    if (leaf && isVerbatim(leaf) && containers.allMatched) {
      this.closeLeaf()
      if (leaf instanceof IndentedCode && leaf.trailsBlank) containers.noteBlank()
    }
    return resumed === 'over'
  }

  private blankLine(): void {
    this.closeLeaf()
    this.containers.closeTo(this.containers.matched)
    if (this.nested) return
    this.inHtml = false
    this.containers.noteBlank()
  }

  /** A line that begins nothing: it continues a paragraph, even a lazy one, or a table, or is a new paragraph. */
  private textLine(): void {
    const { line } = this
    const text = line.text.slice(line.next)
    this.stage = 'text'
    this.textLeaf(text)
    this.writeLeaf(text)
  }

  writeLeaf(text: string): void {
    const { leaf } = this
    if (!leaf) return
    leaf.write(text)
    if (leaf instanceof Paragraph && leaf.showsRow()) this.openTable(leaf, undefined)
  }

  /** The last line of a paragraph is a table's header. */
  openTable(above: Paragraph, columns: Align[] | undefined): void {
    const header = above.header as string
    const whole = above.closeBeforeHeader()
    this.leaf = new Table(this.sink, this.inline, this.settings, columns, header, whole && above.gap)
  }

  textLeaf(text: string): void {
    const { containers, leaf, settings } = this
    if (leaf instanceof Paragraph) leaf.beginLine(text)
    else if (leaf instanceof Table && containers.allMatched && leaf.takesRow(text)) leaf.beginRow()
    else {
      this.closeUnmatched()
      const { last } = containers
      const first = !!last && last.type === 'item' && last.empty
      this.leaf = new Paragraph(this.sink, this.inline, settings, containers.takeGap(), first)
    }
  }

  endLeafLine(): void {
    const { leaf } = this
    const formula = leaf instanceof Paragraph ? leaf.openFormula() : undefined
    if (formula) this.formula.hold(formula, false)
    else if (leaf && leaf.endLine()) this.closeLeaf()
  }
}
