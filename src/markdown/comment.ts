import { HtmlBlock } from './html-block.js'
import type { Resumed, VerbatimLeaf } from './leaf.js'
import type { OpSink } from './op-sink.js'

/** A comment over several lines. It shows nothing, unless no end comes within `limit`: then it is text. */
export class Comment implements VerbatimLeaf {
  private source = ''
  private shown: HtmlBlock | undefined

  constructor(
    private readonly sink: OpSink,
    private readonly limit: number,
    private readonly gap: boolean,
  ) {}

  resume(): Resumed {
    this.write('\n')
    return 'text'
  }

  write(text: string): void {
    if (this.shown) return this.shown.write(text)
    this.source += text
    if (this.source.length > this.limit) this.show()
  }

  endLine(): boolean {
    if (this.shown) return this.shown.endLine()
    const end = this.source.indexOf('-->')
    // What follows its end belongs to no comment.
    if (end > 0 && this.source.slice(end + 3).trim()) this.show()
    else if (end > 0) this.source = ''
    return end > 0
  }

  close(): void {
    if (this.source && !this.shown) this.show()
    if (this.shown) this.shown.close()
  }

  private show(): void {
    this.shown = new HtmlBlock(this.sink, /-->/, this.gap)
    this.shown.write(this.source)
  }
}
