import { withHtml } from '../core/built-for.js'
import type { BlockParser } from './block-parser.js'

const details = /<\/?details(?:\s[^<>]{0,80})?>/i
const begun = /<\/?(?:d(?:e(?:t(?:a(?:i(?:l(?:s(?:\s[^<>]{0,80})?)?)?)?)?)?)?)?$/i

/** Whether `line` ends inside of code. */
function inCode(line: string): boolean {
  let open = ''
  for (const run of line.match(/`+/g) || [])
    if (!open) open = run
    else if (run === open) open = ''
  return !!open
}

/**
 * A line on its way to the blocks. In what is folded `</details>` behind text begins a line of its own, as it ends the
 * block there for a browser, and everything after it would else be folded, too; so does `<details>`, which it may end.
 */
export class LineTags {
  /** The line so far. */
  private line = ''
  /** What it ends with and may be the beginning of the tag. */
  half = ''

  constructor(private readonly blocks: BlockParser) {}

  reset(): void {
    this.line = ''
  }

  /** Takes a part of the line, up to where it turns to something that is not read as lines. Returns what follows. */
  write(text: string, isWhole: boolean): string {
    let rest = text
    this.half = ''
    if (!withHtml || rest.indexOf('<') < 0) return this.put(rest, '')
    for (let tag = details.exec(rest); tag; tag = details.exec(rest)) {
      const end = tag.index + tag[0].length
      const before = this.put(rest.slice(0, tag.index), rest.slice(tag.index))
      if (before) return before
      if (this.line.trim() && this.blocks.endsDetails && !inCode(this.line)) {
        this.blocks.endLine()
        this.line = ''
      }
      const after = this.put(tag[0], rest.slice(end))
      rest = rest.slice(end)
      if (after) return after
    }
    const half = isWhole ? null : begun.exec(rest)
    if (!half) return this.put(rest, '')
    const unread = this.put(rest.slice(0, half.index), half[0])
    if (unread) return unread
    if (!this.blocks.endsDetails) return this.put(half[0], '')
    this.half = half[0]
    return ''
  }

  private put(text: string, rest: string): string {
    if (!text) return ''
    this.line += text
    this.blocks.write(text)
    return rest && this.blocks.turns ? rest : ''
  }
}
