import type { Resumed, VerbatimLeaf } from './leaf.js'
import type { LineCursor } from './line-cursor.js'
import type { OpSink } from './op-sink.js'

/**
 * Display math. It comes line by line, since its closing mark may end any line. A blank line ends it too:
 * TeX allows none there, so an opening mark that meant something else costs one paragraph at most.
 */
export class MathBlock implements VerbatimLeaf {
  private lines = 0
  private line = ''
  /** The line outgrew what may be held, so no mark can end it. */
  private overlong = false
  private readonly key: number

  constructor(
    private readonly sink: OpSink,
    private readonly closer: string,
    private readonly limit: number,
    gap: boolean,
  ) {
    this.key = sink.open({ type: 'math' }, gap)
  }

  resume(line: LineCursor, complete: boolean): Resumed {
    if (line.look()) return complete ? 'over' : 'wait'
    return 'text'
  }

  write(text: string): void {
    if (this.overlong) {
      this.sink.text(text)
      return
    }
    this.line += text
    if (this.line.length <= this.limit) return
    this.show(this.line)
    this.overlong = true
  }

  endLine(): boolean {
    const line = this.line.replace(/[ \t]+$/, '')
    const ends = !this.overlong && line.slice(-this.closer.length) === this.closer
    const content = ends ? line.slice(0, -this.closer.length) : line
    if (!this.overlong && content.trim()) this.show(content)
    this.overlong = false
    this.line = ''
    return ends
  }

  close(): void {
    this.sink.close(this.key)
  }

  private show(line: string): void {
    this.sink.text(this.lines++ ? `\n${line}` : line)
    this.line = ''
  }
}
