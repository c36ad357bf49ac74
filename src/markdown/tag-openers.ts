import { withHtml } from '../core/built-for.js'
import type { BlockParser } from './block-parser.js'
import { Heading } from './heading.js'
import { HtmlBlock, htmlBlockEnd } from './html-block.js'
import { isFrame, tagName } from './html-subset.js'
import type { Block } from './markdown-types.js'
import { scanTag } from './raw-html.js'
import { beginsReasoningTag, reasoningTag } from './reasoning-tag.js'
import { MORE } from './scan.js'

/**
 * What a line's start opened: a container, so its content is read for another start; a leaf that takes the
 * rest as `text`; a block made of the whole `line`; `none`, or `wait` while that needs more of the line.
 */
export type Opened = 'wait' | 'none' | 'container' | 'text' | 'line'

/** Opens what begins with a tag at the parser's line position, or passes the tag over. */
export class TagOpeners {
  constructor(private readonly parser: BlockParser) {}

  private get limit(): number {
    return this.parser.settings.limits.target
  }

  /** A tag, a comment, or a block of raw HTML. */
  html(complete: boolean, inParagraph: boolean): Opened {
    const { line, settings, sink } = this.parser
    if (!withHtml) return 'none'
    const rest = line.text.slice(line.next)
    const overlong = rest.length > this.limit
    const subset = settings.has.html ? this.subset(rest, complete) : undefined
    if (subset) return subset
    const end = htmlBlockEnd(rest, complete, settings.has.html || inParagraph || overlong)
    if (!end || (end === 'wait' && overlong)) return 'none'
    if (end === 'wait') return end
    const hidden = settings.has.html && rest.slice(0, 4) === '<!--' ? this.limit : -1
    const leaf = new HtmlBlock(sink, end, this.parser.begin(), hidden)
    return this.parser.beginText(leaf, line.rest())
  }

  /** A tag or comment of the safe subset: what it opens, or `container` where it is passed over. */
  private subset(rest: string, complete: boolean): Opened | undefined {
    if (!withHtml) return undefined
    const { parser } = this
    const { containers, inline, settings, sink } = parser
    if (/^<!--/.test(rest)) {
      const close = rest.indexOf('-->', 2)
      if (close > 0 && close < this.limit) return this.pass(close + 3)
      return complete || rest.length > this.limit ? undefined : 'wait'
    }
    if (/^<(?:table|[uo]l)[\s>]/i.test(rest) && !parser.refusesStructure) {
      // A line of a quote has a mark that is no text, and in reasoning its end is looked for.
      if (complete || parser.inReasoning || containers.stack.some(({ type }) => type === 'quote'))
        return undefined
      parser.tagAhead = rest
      return 'line'
    }
    const end = scanTag(rest, 0, complete)
    if (end === MORE ? rest.length > this.limit : end > this.limit) return undefined
    if (end === MORE) return 'wait'
    const name = tagName(rest.slice(0, end))
    if (/^h[1-6]$|^summary$/.test(name)) {
      const isBlank = !rest.slice(end, this.limit).trim()
      if (isBlank) return complete || rest.length >= this.limit ? this.pass(end) : 'wait'
      const level = Number(name.charAt(1))
      const block: Block = level ? { type: 'heading', level } : { type: 'paragraph', summary: true }
      const close = rest.search(new RegExp(`</${name}>`, 'i'))
      if (close < 0 && !complete && rest.length - end <= settings.limits.span) return 'wait'
      const leaf = new Heading(sink, inline, this.limit, block, this.parser.begin())
      if (close < 0) return this.parser.beginText(leaf, rest.slice(end))
      // What follows it on its line stands below it.
      leaf.write(rest.slice(end, close))
      leaf.endLine()
      leaf.close()
      return this.pass(close)
    }
    const details = containers.stack.map(({ type }) => type).lastIndexOf('details')
    if (name === 'details' && containers.stack.length < parser.settings.limits.depth) {
      parser.closeUnmatched()
      containers.open('details', { type: 'details' })
    } else if (name === '/details' && details >= 0) {
      parser.closeLeaf()
      containers.closeTo(details)
    } else if (name === 'hr') sink.close(sink.open({ type: 'rule' }, this.parser.begin()))
    else if (isFrame(name.replace('/', ''))) parser.closeUnmatched()
    else if (!/^\/?(?:br|details|summary|h[1-6])$/.test(name)) return undefined
    return this.pass(end)
  }

  private pass(length: number): Opened {
    const { line } = this.parser
    line.take(length)
    this.parser.inHtml = this.parser.nested = true
    return 'container'
  }

  /** Outside of all containers a tag opens a section; anywhere else a tag is left out. */
  reasoning(rest: string, complete: boolean): Opened {
    const { parser } = this
    if (!parser.settings.has.reasoning) return 'none'
    const found = reasoningTag(rest)
    if (!found) return !complete && beginsReasoningTag(rest) ? 'wait' : 'none'
    const { tag, opens } = found
    if (parser.containers.stack.length || !opens) return this.pass(tag.length)
    parser.openReasoning()
    parser.afterReasoning = rest.slice(tag.length)
    parser.beginLine()
    return 'line'
  }
}
