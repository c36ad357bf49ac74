import { withHtml } from '../core/built-for.js'
import { BlockParser } from './block-parser.js'
import type { Op } from './markdown-types.js'
import { OpSink } from './op-sink.js'
import { beginsStructure } from './html-structure.js'
import { LineTags } from './line-tags.js'
import { beginsReasoningTag, reasoningEnd } from './reasoning-tag.js'
import { createSettings, type MarkdownOptions, type Settings, type Settling } from './settings.js'

/** An engine for one text. Each call answers with the operations it decided, to be applied in order. */
export interface Markdown {
  /** Takes the next piece of the text, cut anywhere. */
  push(text: string): Op[]
  /**
   * Shows text that waits for what follows, as when a stream pauses: `words` the last word and a paragraph's
   * opening; `likely` also what waited long, as what it most likely is: two stars begin bold text, a backtick code, a row
   * a table, and what is left is text; `all` everything as plain text. With `likely` addresses, tags and formulas go on
   * waiting for their end.
   */
  settle(what: Settling): Op[]
  /** The text is complete: decides everything and closes every block. Further text would start afresh. */
  end(): Op[]
  /** Characters that came, may be seen and are not shown yet; bounded by the limits. */
  readonly held: number
  /** Link targets defined in the text so far, and those given, by normalised label. */
  readonly references: Readonly<Record<string, { readonly href: string; readonly title: string }>>
}

// Long texts are read in pieces: what is looked at again is then a piece at most, never the whole text.
const pieceSize = 1024

/** Where the beginning of a closing tag ends `text`; its length when nothing of one does. */
function beginOfEnd(text: string): number {
  const last = Math.max(text.lastIndexOf('<'), text.lastIndexOf('['), text.lastIndexOf('◁'))
  // One of them has another `<` inside.
  for (const at of [text.lastIndexOf('<|channel|>'), last])
    if (at >= 0 && beginsReasoningTag(text.slice(at), true)) return at
  return text.length
}

class Engine implements Markdown {
  private readonly sink = new OpSink()
  private readonly settings: Settings
  private readonly blocks: BlockParser
  /** Half a line end or half a surrogate pair. */
  private carry = ''
  /** The beginning of a closing tag. */
  private tag = ''
  private readonly line: LineTags
  /** What may begin a table or list of tags, and how much of it is in the line. */
  private structure = ''
  private written = 0
  private started = false

  constructor(options: MarkdownOptions) {
    this.settings = createSettings(options)
    this.blocks = new BlockParser(this.sink, this.settings)
    this.line = new LineTags(this.blocks)
  }

  get held(): number {
    return this.carry.length + this.tag.length + this.structure.length + this.blocks.held
  }

  get references(): Record<string, { href: string; title: string }> {
    const found: Record<string, { href: string; title: string }> = {}
    this.settings.references.forEach((target, label) => {
      if (target) found[label] = target
    })
    return found
  }

  push(text: string): Op[] {
    if (!text) return []
    let all = this.carry + text
    if (!this.started) {
      if (all.charCodeAt(0) === 0xfeff) all = all.slice(1)
      if (this.settings.startsInReasoning) this.blocks.openReasoning()
      this.started = true
    }
    this.carry = ''
    const last = all.charCodeAt(all.length - 1)
    if (last === 13 || (last > 0xd7ff && last < 0xdc00)) {
      this.carry = all.slice(-1)
      all = all.slice(0, -1)
    }
    if (all.indexOf('\r') >= 0 || all.indexOf('\0') >= 0)
      all = all.replace(/\r\n?/g, '\n').replace(/\0/g, '\ufffd')
    for (let from = 0; from < all.length;) {
      const high = all.charCodeAt(from + pieceSize - 1)
      const to = from + pieceSize + (high > 0xd7ff && high < 0xdc00 ? 1 : 0)
      this.read(all.slice(from, to))
      from = to
    }
    return this.sink.take()
  }

  settle(what: Settling): Op[] {
    this.blocks.settle(what)
    return this.sink.take()
  }

  end(): Op[] {
    const rest = this.tag + (this.carry === '\r' ? '\n' : this.carry)
    this.carry = this.tag = ''
    this.read(rest)
    // Half a tag is no text, but for what may be none.
    if (this.tag && this.tag.length < 3) this.blocks.write(this.tag)
    this.tag = ''
    this.line.reset()
    if (this.structure) this.refuse()
    this.blocks.closeAll()
    this.started = false
    return this.sink.take()
  }

  private read(text: string): void {
    let rest: string | undefined = this.tag + text
    this.tag = ''
    while (rest) {
      const end = this.blocks.inReasoning ? reasoningEnd.exec(rest) : null
      const { structure } = this.blocks
      if (this.structure) rest = this.begin(rest)
      else if (structure) {
        rest = structure.take(rest)
        if (rest !== undefined) this.blocks.structure = undefined
      } else if (!this.blocks.inReasoning) rest = this.lines(rest)
      else if (end) {
        this.lines(rest.slice(0, end.index))
        this.blocks.closeAll()
        rest = rest.slice(end.index + end[0].length)
      } else {
        const open = beginOfEnd(rest)
        this.tag = rest.slice(open)
        this.lines(rest.slice(0, open))
        return
      }
    }
  }

  /** Whether what waits begins a table or list of tags. */
  private begin(text: string): string | undefined {
    const all = this.structure + text
    const found = withHtml && beginsStructure(all, this.settings.limits.target)
    this.structure = all
    if (found === 'wait') return undefined
    if (!found) return this.refuse()
    this.structure = ''
    this.blocks.openStructure()
    return all
  }

  /** It begins none: reads it as lines. */
  private refuse(): string | undefined {
    const text = this.structure.slice(this.written)
    this.structure = ''
    this.blocks.refusesStructure = true
    this.blocks.write('')
    return this.lines(text)
  }

  /** Reads lines; returns the text after a tag that opens a reasoning section, or all from a table's or list's on. */
  private lines(text: string): string | undefined {
    const { blocks } = this
    let from = 0
    while (from < text.length) {
      const end = text.indexOf('\n', from)
      const unread = this.line.write(end < 0 ? text.slice(from) : text.slice(from, end), end >= 0)
      if (this.line.half) this.tag = this.line.half + this.tag
      if (blocks.turns) return this.turn(unread + (end < 0 ? '' : text.slice(end)))
      if (end < 0) return undefined
      this.line.reset()
      blocks.endLine()
      from = end + 1
    }
    return undefined
  }

  /** What was read turns what follows it into something else than lines: returns what is to be read in its way. */
  private turn(after: string): string | undefined {
    const { blocks } = this
    const { afterReasoning, tagAhead } = blocks
    if (afterReasoning !== undefined) {
      blocks.afterReasoning = undefined
      return afterReasoning + after
    }
    this.structure = tagAhead
    this.written = tagAhead.length
    blocks.tagAhead = ''
    return this.begin(after)
  }
}

/**
 * Markdown to append-only operations, incrementally. The operations joined over all calls depend only on the
 * text, never on how it was cut, unless `settle` is called.
 */
export function createMarkdown(options: MarkdownOptions = {}): Markdown {
  return new Engine(options)
}
