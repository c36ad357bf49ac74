import type { Resumed, VerbatimLeaf } from './leaf.js'
import type { LineCursor } from './line-cursor.js'
import type { OpSink } from './op-sink.js'
import { TextLeaf } from './text-leaf.js'

/**
 * Display math. It comes line by line, since its closing mark may end any line. A blank line ends it too:
 * TeX allows none there, so an opening mark that meant something else costs one paragraph at most.
 */
export class MathBlock extends TextLeaf implements VerbatimLeaf {
  private lines = 0
  private line = ''
  /** The line outgrew what may be held, so no mark can end it. */
  private overlong = false

  constructor(
    sink: OpSink,
    private readonly closer: string,
    private readonly limit: number,
    gap: boolean,
  ) {
    super(sink, { type: 'math' }, gap)
  }

  resume(line: LineCursor, complete: boolean): Resumed {
    if (line.look()) return complete ? 'over' : 'wait'
    return 'text'
  }

  override write(text: string): void {
    if (this.overlong) {
      this.sink.text(text)
      return
    }
    this.line += text
    if (this.line.length <= this.limit) return
    this.show(this.line)
    this.overlong = true
  }

  override endLine(): boolean {
    const line = this.line.replace(/[ \t]+$/, '')
    const ends = !this.overlong && line.slice(-this.closer.length) === this.closer
    const content = ends ? line.slice(0, -this.closer.length) : line
    if (!this.overlong && content.trim()) this.show(content)
    this.overlong = false
    this.line = ''
    return ends
  }

  private show(line: string): void {
    this.sink.text(this.lines++ ? `\n${line}` : line)
    this.line = ''
  }
}
