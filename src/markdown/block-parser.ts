import { BlockOpeners } from './block-openers.js'
import { Containers } from './containers.js'
import { IndentedCode } from './indented-code.js'
import { closerOf, findCloser, isFormula, type Formula } from './formula.js'
import { HtmlStructure } from './html-structure.js'
import { InlineParser } from './inline-parser.js'
import { isVerbatim, type Leaf } from './leaf.js'
import { LineCursor } from './line-cursor.js'
import type { Align } from './markdown-types.js'
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
  private isRereading = false
  private formula: Formula | undefined
  private stage: Stage = 'containers'
  private readonly openers: BlockOpeners

  constructor(
    readonly sink: OpSink,
    readonly settings: Settings,
  ) {
    this.inline = new InlineParser(sink, settings)
    this.containers = new Containers(sink)
    this.openers = new BlockOpeners(this)
  }

  /** Characters that wait for more text and may be seen: a table's delimiter row is not, nor are blanks at the end. */
  get held(): number {
    const { text, position } = this.line
    if (this.structure) return this.structure.held
    const isUnseen = this.stage === 'text' || /^[|:\- \t]*$/.test(text.slice(position))
    const line = isUnseen ? 0 : text.length - position
    const paragraph = this.leaf instanceof Paragraph ? this.leaf.heldLength : 0
    const { formula } = this
    // What began beside text waits with that text.
    const lines = formula ? formula.text.length - (formula.starts ? 0 : formula.first) : 0
    return line + paragraph + this.inline.held + lines
  }

  /** What follows is not read as a line's rest. */
  get turns(): boolean {
    return this.afterReasoning !== undefined || !!this.tagAhead
  }

  /** A closing tag behind text on this line ends what is folded. */
  get endsDetails(): boolean {
    const { containers, formula, leaf, structure } = this
    if (formula || structure || (leaf && isVerbatim(leaf))) return false
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
    while (this.formula) this.finishFormula(this.formula)
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
    this.refusesStructure = this.isRereading
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

  private advance(complete: boolean): void {
    const { containers, line } = this
    if (this.stage === 'containers') {
      if (!containers.match(line, complete)) return
      this.stage = this.formula ? 'formula' : 'leaf'
    }
    if (this.stage === 'formula' && this.formula) return this.continueFormula(this.formula, complete)
    if (this.stage === 'leaf' && !this.resumeLeaf(complete)) return
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

  private writeLeaf(text: string): void {
    const { leaf } = this
    if (!leaf) return
    leaf.write(text)
    if (leaf instanceof Paragraph && leaf.showsRow()) this.openTable(leaf, undefined)
  }

  /** The last line of a paragraph is a table's header. */
  openTable(above: Paragraph, columns: Align[] | undefined): void {
    const header = above.header as string
    const whole = above.closeBeforeHeader()
    this.leaf = new Table(this.sink, this.inline, columns, header, whole && above.gap)
  }

  private textLeaf(text: string): void {
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

  private endLeafLine(): void {
    const { leaf } = this
    const formula = leaf instanceof Paragraph ? leaf.openFormula() : undefined
    if (formula) this.holdFormula(formula, false)
    else if (leaf && leaf.endLine()) this.closeLeaf()
  }

  /** From the next line on everything belongs to a formula, if its end comes. */
  holdFormula(text: string, starts: boolean): void {
    if (starts && !this.containers.allMatched) this.closeUnmatched()
    const closer = closerOf(text) as string
    this.formula = { closer, starts, text, first: text.length, raw: '', hasBlank: false }
  }

  /** Another line of the formula, as far as it came. */
  private continueFormula(formula: Formula, complete: boolean): void {
    const { containers, line, settings } = this
    const { closer, starts } = formula
    // A blank line tells that it may be none.
    const limit = settings.limits.target * (starts && !formula.hasBlank ? 4 : 1)
    const isBlank = line.look()
    const text = `${formula.text}\n${line.rest()}`
    // Only as much of it counts as may wait.
    const end = findCloser(text.slice(0, limit), formula.text.length, closer)
    if (!containers.allMatched || end === -2 || line.text.charAt(line.next) === '<')
      return this.refuseFormula(formula, complete)
    if (end >= 0) {
      const isAlone = starts && !text.slice(end + 2).trim()
      if (isAlone && !complete) return
      const content = text.slice(2, end)
      if (closer !== '$$' && !isFormula(content)) return this.refuseFormula(formula, complete)
      this.formula = undefined
      if (isAlone && content.trim()) return this.openers.formula(content)
      this.stage = 'text'
      this.formulaLines(formula, text)
      if (complete) this.endLeafLine()
    } else if (text.length > limit || (isBlank && closer === '\\)')) this.refuseFormula(formula, complete)
    else if (complete) {
      formula.text = text
      formula.raw += `${line.text}\n`
      formula.hasBlank = formula.hasBlank || isBlank
    }
  }

  /** The formula is part of a paragraph. */
  private formulaLines({ starts, first }: Formula, text: string): void {
    this.containers.matched = this.containers.stack.length
    if (!starts) return this.inline.feed(text.slice(first))
    this.textLeaf(text)
    if (this.leaf instanceof Paragraph) this.leaf.writeLines(text)
  }

  /** It was no formula: its opening mark is text, and what came after it is read as usual. */
  private refuseFormula(formula: Formula, complete: boolean): void {
    const rest = this.line.text
    this.formula = undefined
    this.formulaLines(formula, formula.text.slice(0, formula.first))
    this.inline.refuseFormula()
    // Their tags stay text.
    this.isRereading = true
    this.beginLine()
    const lines = formula.raw.split('\n')
    lines.pop()
    for (const line of lines) {
      this.write(line)
      this.endLine()
    }
    this.isRereading = false
    this.write(rest)
    if (complete && this.stage !== 'text') this.advance(true)
    else if (complete) this.endLeafLine()
  }

  /** The text ends inside of it. */
  private finishFormula(formula: Formula): void {
    const content = formula.text.slice(2)
    if (!formula.starts || formula.hasBlank || !content.trim()) return this.refuseFormula(formula, false)
    this.formula = undefined
    this.containers.matched = this.containers.stack.length
    this.openers.formula(content)
  }
}
