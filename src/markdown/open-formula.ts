import type { BlockParser } from './block-parser.js'
import { closerOf, findCloser, isFormula, type Formula } from './formula.js'
import { Paragraph } from './paragraph.js'

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
    while (this.open) this.finish(this.open)
  }

  /** From the next line on everything belongs to a formula, if its end comes. */
  hold(text: string, starts: boolean): void {
    if (starts && !this.parser.containers.allMatched) this.parser.closeUnmatched()
    const closer = closerOf(text) as string
    this.open = { closer, starts, text, first: text.length, raw: '', hasBlank: false }
  }

  /** Another line of the formula, as far as it came. */
  continue(complete: boolean): void {
    const { open: formula, parser } = this
    if (!formula) return
    const { containers, line, settings } = parser
    const { closer, starts } = formula
    // A blank line tells that it may be none.
    const limit = settings.limits.target * (starts && !formula.hasBlank ? 4 : 1)
    const isBlank = line.look()
    const text = `${formula.text}\n${line.rest()}`
    // Only as much of it counts as may wait.
    const end = findCloser(text.slice(0, limit), formula.text.length, closer)
    if (!containers.allMatched || end === -2 || line.text.charAt(line.next) === '<')
      return this.refuse(formula, complete)
    if (end >= 0) {
      const isAlone = starts && !text.slice(end + 2).trim()
      if (isAlone && !complete) return
      const content = text.slice(2, end)
      if (closer !== '$$' && !isFormula(content)) return this.refuse(formula, complete)
      this.open = undefined
      if (isAlone && content.trim()) return this.parser.openers.formula(content)
      this.parser.stage = 'text'
      this.put(formula, text)
      if (complete) this.parser.endLeafLine()
    } else if (text.length > limit || (isBlank && closer === '\\)')) this.refuse(formula, complete)
    else if (complete) {
      formula.text = text
      formula.raw += `${line.text}\n`
      formula.hasBlank = formula.hasBlank || isBlank
    }
  }

  /** The formula is part of a paragraph. */
  private put({ starts, first }: Formula, text: string): void {
    this.parser.containers.matched = this.parser.containers.stack.length
    if (!starts) return this.parser.inline.feed(text.slice(first))
    this.parser.textLeaf(text)
    const { leaf } = this.parser
    if (leaf instanceof Paragraph) leaf.writeLines(text)
  }

  /** It was no formula: its opening mark is text, and what came after it is read as usual. */
  private refuse(formula: Formula, complete: boolean): void {
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
    const content = formula.text.slice(2)
    if (!formula.starts || formula.hasBlank || !content.trim()) return this.refuse(formula, false)
    this.open = undefined
    this.parser.containers.matched = this.parser.containers.stack.length
    this.parser.openers.formula(content)
  }
}
