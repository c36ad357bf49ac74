import { BlockOpeners } from './block-openers.js'
import { Containers } from './containers.js'
import { IndentedCode } from './indented-code.js'
import { InlineParser } from './inline-parser.js'
import { isVerbatim, type Leaf } from './leaf.js'
import { LineCursor } from './line-cursor.js'
import type { OpSink } from './op-sink.js'
import { Paragraph } from './paragraph.js'
import type { Settings } from './settings.js'
import { Table } from './table.js'

/** How far the current line is read: its containers, its leaf's own marks, block starts, or text. */
type Stage = 'containers' | 'leaf' | 'starts' | 'text'

/**
 * Blocks, line by line, where a line may come in pieces: its start waits until it is decided, then the rest
 * streams into its leaf. @see https://spec.commonmark.org/0.31.2/#phase-1-block-structure
 */
export class BlockParser {
  readonly inline: InlineParser
  readonly containers: Containers
  readonly line = new LineCursor()
  leaf: Leaf | undefined
  /** A container opened on the current line. */
  nested = false
  /** The closing tag of the reasoning section that is open. */
  reasoningEnd: string | undefined
  /** What follows the tag that opened it, to be written again: the closing tag may be in it. */
  afterReasoning: string | undefined
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

  /** Characters that wait for more text. */
  get held(): number {
    const line = this.stage === 'text' ? 0 : this.line.text.length - this.line.position
    const paragraph = this.leaf instanceof Paragraph ? this.leaf.heldLength : 0
    return line + paragraph + this.inline.held
  }

  /** Takes a part of a line, without its end. */
  write(text: string): void {
    if (this.stage === 'text') {
      if (this.leaf) this.leaf.write(text)
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

  /** Shows what is held: words and openings of paragraphs, or with `all` everything but a line's start. */
  settle(all: boolean): void {
    if (this.leaf instanceof Paragraph) this.leaf.settle(all)
    else if (this.stage === 'text') this.inline.settle(all)
  }

  /** Closes everything; what follows starts a line. */
  closeAll(): void {
    if (this.stage === 'text' || this.line.text) this.endLine()
    this.closeLeaf()
    this.containers.closeTo(0)
    this.reasoningEnd = undefined
  }

  /** Forgets the current line's start; what follows is read as a line. */
  beginLine(): void {
    this.line.reset()
    this.stage = 'containers'
    this.containers.matched = 0
    this.nested = false
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
      this.stage = 'leaf'
    }
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
    if (!this.nested) this.containers.noteBlank()
  }

  /** A line that begins nothing: it continues a paragraph, even a lazy one, or a table, or is a new paragraph. */
  private textLine(): void {
    const { containers, leaf, line, settings } = this
    const text = line.text.slice(line.next)
    this.stage = 'text'
    if (leaf instanceof Paragraph) leaf.beginLine(text)
    else if (leaf instanceof Table && containers.allMatched) leaf.beginRow()
    else {
      this.closeUnmatched()
      const { last } = containers
      const first = !!last && last.type === 'item' && last.empty
      this.leaf = new Paragraph(this.sink, this.inline, settings, containers.takeGap(), first)
    }
    if (this.leaf) this.leaf.write(text)
  }

  private endLeafLine(): void {
    if (this.leaf && this.leaf.endLine()) this.closeLeaf()
  }
}
