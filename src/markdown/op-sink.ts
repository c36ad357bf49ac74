import type { Block, Mark, Op } from './markdown-types.js'

const leave: Op = { op: 'leave' }

/** Collects operations; text that follows text joins it, so one flush costs one operation a run. */
export class OpSink {
  private ops: Op[] = []
  private pending = ''
  private keys = 0

  open(block: Block, gap: boolean): number {
    const key = this.keys++
    this.add({ op: 'open', key, gap, block })
    return key
  }

  close(key: number): void {
    this.add({ op: 'close', key })
  }

  enter(mark: Mark): void {
    this.add({ op: 'enter', mark })
  }

  leave(): void {
    this.add(leave)
  }

  text(text: string): void {
    this.pending += text
  }

  add(op: Op): void {
    if (this.pending) this.settle()
    this.ops.push(op)
  }

  /** The operations since the last call. */
  take(): Op[] {
    if (this.pending) this.settle()
    const taken = this.ops
    this.ops = []
    return taken
  }

  private settle(): void {
    this.ops.push({ op: 'text', text: this.pending })
    this.pending = ''
  }
}
