import type { Delimiter } from './emphasis.js'
import { leave, type Tag } from './inline-node.js'
import type { InlineOp, Mark } from './markdown-types.js'
import type { OpSink } from './op-sink.js'

/** Marks that are open at a time; more tags inside of them mean nothing. */
const mostMarks = 32

/** What is decided of a leaf, on its way to the sink, with marks that always nest. */
export class OpenMarks {
  /** Marks that the sink has open, and whether a tag opened them. */
  private readonly open: { readonly mark: Mark; readonly byTag: boolean }[] = []

  constructor(private readonly sink: OpSink) {}

  emit(op: InlineOp): void {
    if (op.op === 'enter') this.enter(op.mark)
    else if (op.op === 'leave') this.leave(this.innermost((one) => !one.byTag))
    else this.sink.add(op)
  }

  tag({ type, mark }: Tag): void {
    // Every end of a mark costs the marks inside it.
    if (mark && this.open.length < mostMarks) this.enter(mark, true)
    else if (!mark) this.leave(this.innermost((one) => one.byTag && one.mark.type === type))
  }

  write(delimiter: Delimiter): void {
    for (let left = delimiter.leaves; left > 0; left--) this.emit(leave.op)
    if (delimiter.count) this.sink.text(delimiter.char.repeat(delimiter.count))
    for (const mark of delimiter.enters) this.enter(mark)
  }

  enter(mark: Mark, byTag = false): void {
    this.open.push({ mark, byTag })
    this.sink.enter(mark)
  }

  /** The leaf ends: so do marks whose closing tag did not come. */
  close(): void {
    while (this.open.length) this.leave(this.open.length - 1)
  }

  private innermost(is: (one: { readonly mark: Mark; readonly byTag: boolean }) => boolean): number {
    let at = this.open.length - 1
    while (at >= 0 && !is(this.open[at] as { mark: Mark; byTag: boolean })) at--
    return at
  }

  /** Leaves the mark at `at`: those inside it are left before and entered again, so that marks always nest. */
  private leave(at: number): void {
    if (at < 0) return
    if (at === this.open.length - 1) {
      this.open.pop()
      return this.sink.leave()
    }
    for (let left = this.open.length; left > at; left--) this.sink.leave()
    for (const { mark, byTag } of this.open.splice(at).slice(1)) this.enter(mark, byTag)
  }
}
