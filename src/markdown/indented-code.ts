import type { Resumed, VerbatimLeaf } from './leaf.js'
import type { LineCursor } from './line-cursor.js'
import type { OpSink } from './op-sink.js'
import { TextLeaf } from './text-leaf.js'

/** A code block by indentation. Blank lines wait: at its end they are no part of it. */
export class IndentedCode extends TextLeaf implements VerbatimLeaf {
  private blanks = ''

  constructor(sink: OpSink, gap: boolean) {
    super(sink, { type: 'code', info: '' }, gap)
  }

  /** True while blank lines end what there is of it. */
  get trailsBlank(): boolean {
    return this.blanks !== ''
  }

  resume(line: LineCursor, complete: boolean): Resumed {
    if (line.look()) {
      if (!complete) return 'wait'
      line.skip(4)
      this.blanks += `\n${line.rest()}`
      return 'taken'
    }
    if (line.indent < 4) return 'over'
    line.skip(4)
    this.sink.text(`${this.blanks}\n`)
    this.blanks = ''
    return 'text'
  }
}
