import type { Leaf } from './leaf.js'
import type { Block } from './markdown-types.js'
import type { OpSink } from './op-sink.js'

/** A leaf of plain text, which shows what it is given. */
export class TextLeaf implements Leaf {
  private readonly key: number

  constructor(
    protected readonly sink: OpSink,
    block: Block,
    gap: boolean,
  ) {
    this.key = sink.open(block, gap)
  }

  write(text: string): void {
    this.sink.text(text)
  }

  endLine(): boolean {
    return false
  }

  close(): void {
    this.sink.close(this.key)
  }
}
