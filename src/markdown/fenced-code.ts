import type { Resumed, VerbatimLeaf } from './leaf.js'
import type { LineCursor } from './line-cursor.js'
import type { OpSink } from './op-sink.js'
import { TextLeaf } from './text-leaf.js'
import { skipBlanks, skipRun } from './scan.js'

/** A code block between fences of `size` times `fence`; its lines lose up to `indent` columns. */
export class FencedCode extends TextLeaf implements VerbatimLeaf {
  private started = false

  constructor(
    sink: OpSink,
    private readonly fence: number,
    private readonly size: number,
    private readonly indent: number,
    private readonly limit: number,
    info: string,
    gap: boolean,
  ) {
    super(sink, { type: 'code', info }, gap)
  }

  resume(line: LineCursor, complete: boolean): Resumed {
    const blank = line.look()
    if (line.indent < 4) {
      if (blank && !complete) return 'wait'
      const { text, next } = line
      const end = skipRun(text, next, this.fence)
      if (end > next && text.length - next <= this.limit) {
        if (end === text.length && !complete) return 'wait'
        if (end - next >= this.size && skipBlanks(text, end) === text.length)
          return complete ? 'last' : 'wait'
      }
    }
    line.skip(Math.min(line.indent, this.indent))
    if (this.started) this.sink.text('\n')
    this.started = true
    return 'text'
  }
}
