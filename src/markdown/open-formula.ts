import { withFormulas } from '../core/built-for.js'
import type { BlockParser } from './block-parser.js'
import {
  blockCloserOf,
  contentOf,
  findCloser,
  isEnvironment,
  isFormula,
  stop,
  type Formula,
} from './formula.js'
import { Paragraph } from './paragraph.js'
import { beginsReasoningTag, reasoningTag } from './reasoning-tag.js'

/** The formula over lines that is open, if there is one: its lines belong to nothing else until its end is found. */
export class OpenFormula {
  /** What turned out to be no formula is read as usual. */
  isRereading = false
  private open: Formula | undefined

  constructor(private readonly parser: BlockParser) {}

  get isOpen(): boolean {
    return !!this.open
  }

  /** Characters that wait; what began beside text waits with that text. */
  get held(): number {
    const { open } = this
    return open ? open.text.length - (open.starts ? 0 : open.first) : 0
  }

  /** No more comes. */
  close(): void {
    while (withFormulas && this.open) this.finish(this.open)
  }

  /** From the next line on everything belongs to a formula, if its end comes. */
  hold(text: string, starts: boolean): void {
    if (!withFormulas) return
    if (starts && !this.parser.containers.allMatched) this.parser.closeUnmatched()
    const closer = blockCloserOf(text) as string
    this.open = { closer, starts, text, first: text.length, raw: '', hasBlank: false }
  }

  /** Another line of the formula, as far as it came. */
  continue(complete: boolean): void {
    const { open: formula, parser } = this
    if (!withFormulas || !formula) return
    const { containers, line, settings } = parser
    const { closer, starts } = formula
    const isBlank = line.look()
    const text = `${formula.text}\n${line.rest()}`
    const limit = this.limitOf(formula, text)
    // Only as much of it counts as may wait.
    const end = findCloser(text.slice(0, limit), formula.text.length, closer)
    const start = line.text.slice(line.next)
    const isTag = start.charAt(0) === '<' || (settings.has.reasoning && !!reasoningTag(start))
    if (!containers.allMatched || end === -2 || isTag) return this.refuse(formula, complete)
    if (!complete && settings.has.reasoning && beginsReasoningTag(start)) return
    if (end >= 0) {
      const behind = text.slice(end + closer.length).trimStart()
      const isStop = isEnvironment(closer) && stop.test(behind.trim())
      const isAlone = starts && (!behind || isStop)
      if (isAlone && !complete) return
      const content = contentOf(text, closer, end) + (isStop ? behind : '')
      if (closer !== '$$' && !isFormula(content)) return this.refuse(formula, complete)
      this.open = undefined
      if (isAlone && content.trim()) return this.parser.openers.formula(content)
      this.parser.stage = 'text'
      if (isEnvironment(closer)) {
        parser.openers.formula(content)
        parser.textLeaf(behind)
        parser.writeLeaf(behind)
      } else this.put(formula, text)
      if (complete) this.parser.endLeafLine()
    } else if (text.length > limit || (isBlank && (closer === '\\)' || closer === '$')))
      this.refuse(formula, complete)
    else if (complete) {
      formula.text = text
      formula.raw += `${line.text}\n`
      formula.hasBlank = formula.hasBlank || isBlank
    }
  }

  /** How long it may be. A single sign may well be a stray one, unless TeX stands behind it; so may one above a blank line. */
  private limitOf({ closer, hasBlank, starts }: Formula, text: string): number {
    const { span, target } = this.parser.settings.limits
    if (closer === '$') return isFormula(text.slice(1, span)) ? 4 * span : span
    return target * (starts && !hasBlank ? 4 : 1)
  }

  /** The formula is part of a paragraph. */
  private put({ starts, first }: Formula, text: string): void {
    if (!withFormulas) return
    this.parser.containers.matched = this.parser.containers.stack.length
    if (!starts) return this.parser.inline.feed(text.slice(first))
    // It is no row of a table.
    if (!(this.parser.leaf instanceof Paragraph)) this.parser.closeLeaf()
    this.parser.textLeaf(text)
    const { leaf } = this.parser
    if (leaf instanceof Paragraph) leaf.writeLines(text)
  }

  /** It was no formula: its opening mark is text, and what came after it is read as usual. */
  private refuse(formula: Formula, complete: boolean): void {
    if (!withFormulas) return
    const rest = this.parser.line.text
    this.open = undefined
    this.put(formula, formula.text.slice(0, formula.first))
    this.parser.inline.refuseFormula()
    // Their tags stay text.
    this.isRereading = true
    this.parser.beginLine()
    const lines = formula.raw.split('\n')
    lines.pop()
    for (const line of lines) {
      this.parser.write(line)
      this.parser.endLine()
    }
    this.isRereading = false
    this.parser.write(rest)
    if (complete && this.parser.stage !== 'text') this.parser.advance(true)
    else if (complete) this.parser.endLeafLine()
  }

  /** The text ends inside of it. */
  private finish(formula: Formula): void {
    if (!withFormulas) return
    const content = formula.text.slice(2)
    const isMarked = formula.closer.length === 2 && formula.starts && !formula.hasBlank
    if (!isMarked || !content.trim()) return this.refuse(formula, false)
    this.open = undefined
    this.parser.containers.matched = this.parser.containers.stack.length
    this.parser.openers.formula(content)
  }
}
