import { withFormulas } from '../core/built-for.js'
import { isCjk } from './char-class.js'
import { tidyFormula } from './formula.js'
import type { Resumed, VerbatimLeaf } from './leaf.js'
import type { LineCursor } from './line-cursor.js'
import type { OpSink } from './op-sink.js'
import { skipBlanks, skipRun } from './scan.js'

/** What its opening fence tells of a code block. */
export interface Fence {
  /** Its sign, how many of it, and the columns before it, of which lines lose as many. */
  readonly code: number
  readonly size: number
  readonly indent: number
  readonly info: string
}

/** What a fence may be beyond CommonMark, and how long its lines may wait. */
export interface FenceRules {
  /** It is a formula, which is shown when its end comes. */
  readonly isFormula: boolean
  /** Its end may have Chinese text behind it. */
  readonly glued: boolean
  readonly limit: number
}

/** A code block between fences, or a formula between fences of `math`. */
export class FencedCode implements VerbatimLeaf {
  private started = false
  private key = -1
  /** The lines of a formula. */
  private formula: string | undefined

  constructor(
    private readonly sink: OpSink,
    private readonly fence: Fence,
    private readonly rules: FenceRules,
    private readonly gap: boolean,
  ) {
    if (rules.isFormula) this.formula = ''
    else this.open()
  }

  get heldLength(): number {
    return this.formula ? this.formula.length : 0
  }

  resume(line: LineCursor, complete: boolean): Resumed {
    const { code, indent, size } = this.fence
    const blank = line.look()
    if (line.indent < 4) {
      if (blank && !complete) return 'wait'
      const { text, next } = line
      const end = skipRun(text, next, code)
      if (end > next && text.length - next <= this.rules.limit) {
        if (end === text.length && !complete) return 'wait'
        if (end - next >= size) {
          const behind = skipBlanks(text, end)
          if (behind === text.length) return complete ? 'last' : 'wait'
          if (this.rules.glued && isCjk(text.charCodeAt(behind))) {
            line.take(end - next)
            return 'over'
          }
        }
      }
    }
    line.skip(Math.min(line.indent, indent))
    if (this.started) this.write('\n')
    this.started = true
    return 'text'
  }

  write(text: string): void {
    if (this.formula === undefined) return this.sink.text(text)
    this.formula += text
    // As much as any other formula on lines of its own.
    if (this.formula.length > 4 * this.rules.limit) this.open()
  }

  endLine(): boolean {
    return false
  }

  close(): void {
    const { formula = '' } = this
    if (withFormulas && formula.trim()) {
      this.key = this.sink.open({ type: 'math' }, this.gap)
      this.sink.text(tidyFormula(formula))
    } else if (this.key < 0) this.open()
    this.sink.close(this.key)
  }

  private open(): void {
    this.key = this.sink.open({ type: 'code', info: this.fence.info }, this.gap)
    this.sink.text(this.formula || '')
    this.formula = undefined
  }
}
