import type { InlineParser } from './inline-parser.js'
import type { Leaf } from './leaf.js'
import type { Block } from './markdown-types.js'
import type { OpSink } from './op-sink.js'
import { skipBlanks } from './scan.js'

const isTail = (code: number) => code === 35 || code === 32 || code === 9

/** An ATX heading. Its tail of hashes and blanks waits: at the end of the line it is no text. */
export class Heading implements Leaf {
  private tail = ''
  private started = false
  private readonly key: number

  constructor(
    private readonly sink: OpSink,
    private readonly inline: InlineParser,
    private readonly limit: number,
    block: Block,
    gap: boolean,
  ) {
    this.key = sink.open(block, gap)
  }

  write(text: string): void {
    const all = this.tail + text
    let end = all.length
    while (end > 0 && isTail(all.charCodeAt(end - 1))) end--
    if (all.length - end > this.limit) end = all.length
    if (end) this.feed(all.slice(0, end))
    this.tail = all.slice(end)
  }

  endLine(): boolean {
    if (!this.tail) return true
    const closing = this.started ? /[ \t]+#+[ \t]*$/ : /(?:^|[ \t]+)#+[ \t]*$/
    this.feed(this.tail.replace(closing, ''))
    return true
  }

  close(): void {
    this.inline.finish()
    this.sink.close(this.key)
  }

  private feed(text: string): void {
    const content = this.started ? text : text.slice(skipBlanks(text, 0))
    if (!content) return
    this.started = true
    this.inline.feed(content)
  }
}
