import type { Resumed, VerbatimLeaf } from './leaf.js'
import type { LineCursor } from './line-cursor.js'
import type { OpSink } from './op-sink.js'
import { scanTag } from './raw-html.js'
import { NO, type Scan } from './scan.js'

const blocks =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|' +
  'track|ul'
const byBlankLine = new RegExp(`^<(/?)(?:${blocks})(?:[\\s>]|/>|$)`, 'i')

// What begins a block and what ends it; everything else ends at a blank line.
const byMark: readonly (readonly [RegExp, RegExp])[] = [
  [/^<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [/^<![a-zA-Z]/, />/],
]

/** What ends an HTML block: a mark in a line, or a blank line. */
export type HtmlEnd = RegExp | 'blank'

/**
 * Whether `text`, the rest of a line, begins an HTML block; `MORE` while that is open. `inParagraph` leaves
 * out the kind that can't interrupt one. @see https://spec.commonmark.org/0.31.2/#html-blocks
 */
export function htmlBlockEnd(
  text: string,
  complete: boolean,
  inParagraph: boolean,
): HtmlEnd | 'wait' | undefined {
  if (!complete && /^<(?:\/?[a-zA-Z][a-zA-Z0-9-]*\/?|\/|!-?|!\[[A-Z]*)?$/.test(text)) return 'wait'
  for (const [begin, end] of byMark) if (begin.test(text)) return end
  if (byBlankLine.test(text)) return 'blank'
  if (inParagraph) return undefined
  const tag: Scan = scanTag(text, 0, complete)
  if (tag === NO) return undefined
  if (tag > 0 && text.slice(tag).trim()) return undefined
  return complete ? 'blank' : 'wait'
}

/** Raw HTML, kept as text; or a comment, which shows nothing unless no end comes within `hidden` characters. */
export class HtmlBlock implements VerbatimLeaf {
  private key = -1
  private waiting = ''
  private tail = ''
  private ended = false

  constructor(
    private readonly sink: OpSink,
    private readonly end: HtmlEnd,
    private readonly gap: boolean,
    private hidden: number,
  ) {}

  resume(line: LineCursor, complete: boolean): Resumed {
    if (this.end === 'blank' && line.look()) return complete ? 'over' : 'wait'
    this.write('\n')
    return 'text'
  }

  write(text: string): void {
    this.tail = (this.tail + text).slice(-text.length - 16)
    this.ended = this.ended || (this.end !== 'blank' && this.end.test(this.tail))
    this.waiting += text
    if (this.waiting.length > this.hidden) this.show()
  }

  endLine(): boolean {
    this.tail = ''
    // What follows the end of a comment belongs to no comment.
    if (this.ended && /-->\s*$/.test(this.waiting)) this.waiting = ''
    return this.ended
  }

  close(): void {
    if (this.waiting) this.show()
    if (this.key >= 0) this.sink.close(this.key)
  }

  private show(): void {
    if (this.key < 0) this.key = this.sink.open({ type: 'html' }, this.gap)
    this.sink.text(this.waiting)
    this.waiting = ''
    this.hidden = -1
  }
}
