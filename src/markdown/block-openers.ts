import type { BlockParser } from './block-parser.js'
import {
  fenceStart,
  headingStart,
  isRule,
  isUnderline,
  listMarker,
  mathStart,
  type ListMarker,
} from './block-starts.js'
import { unescape } from './entity.js'
import { FencedCode } from './fenced-code.js'
import { tidyFormula } from './formula.js'
import { Heading } from './heading.js'
import { HtmlBlock, htmlBlockEnd } from './html-block.js'
import { isFrame, tagName } from './html-subset.js'
import { IndentedCode } from './indented-code.js'
import type { Leaf } from './leaf.js'
import type { Block } from './markdown-types.js'
import { Paragraph } from './paragraph.js'
import { scanTag } from './raw-html.js'
import { beginsReasoningTag, reasoningTag } from './reasoning-tag.js'
import { MORE } from './scan.js'
import { Table, tableColumns } from './table.js'

/**
 * What a line's start opened: a container, so its content is read for another start; a leaf that takes the
 * rest as `text`; a block made of the whole `line`; `none`, or `wait` while that needs more of the line.
 */
export type Opened = 'wait' | 'none' | 'container' | 'text' | 'line'

/** Characters that can begin a block other than a paragraph. */
const starters = '>#`~<=-_*+$\\|:[◁0123456789'

/** Opens the block that begins at the parser's line position, in CommonMark's order of precedence. */
export class BlockOpeners {
  constructor(private readonly parser: BlockParser) {}

  open(complete: boolean): Opened {
    const { containers, leaf, line } = this.parser
    const paragraph = leaf instanceof Paragraph ? leaf : undefined
    if (line.indent > 3 && this.parser.inHtml) line.skip(line.indent)
    line.look()
    if (line.indent > 3) return paragraph || (leaf && containers.allMatched) ? 'none' : this.indentedCode()
    const char = line.text.charAt(line.next)
    if (starters.indexOf(char) < 0) return 'none'
    const above = containers.allMatched ? paragraph : undefined
    const underline = above ? this.underline(above, char, complete) : 'none'
    if (underline !== 'none') return underline
    if (leaf instanceof Table && leaf.awaitsDelimiter && containers.allMatched) {
      const rest = line.text.slice(line.next)
      if (!complete && rest.length <= this.limit && /^[|:\- \t]+$/.test(rest)) return 'wait'
      if (complete && leaf.takesDelimiter(rest)) return 'line'
    }
    if (char === '>') return this.quote(complete)
    if (char === '#') return this.heading(complete)
    if (char === '`' || char === '~') return this.fence(complete)
    const reasoning = '<[◁'.indexOf(char) < 0 ? 'none' : this.reasoning(line.text.slice(line.next), complete)
    if (reasoning !== 'none') return reasoning
    if (char === '<') return this.html(complete, !!paragraph)
    if (char === '$' || char === '\\') return this.math(complete)
    if (char === '[') return this.note(complete)
    const rule = char === '*' || char === '-' || char === '_' ? this.rule(complete) : 'none'
    return rule === 'none' ? this.item(complete, !!above) : rule
  }

  private get limit(): number {
    return this.parser.settings.limits.target
  }

  /** Closes what ends here and tells whether the block that follows has a gap above it. */
  private begin(): boolean {
    this.parser.closeUnmatched()
    return this.parser.containers.takeGap()
  }

  private text(leaf: Leaf, text: string): Opened {
    this.parser.leaf = leaf
    leaf.write(text)
    return 'text'
  }

  private indentedCode(): Opened {
    const { line, sink } = this.parser
    const code = new IndentedCode(sink, this.begin())
    line.skip(4)
    return this.text(code, line.rest())
  }

  /** A setext underline or a table's delimiter row: what makes something else of the paragraph above. */
  private underline(above: Paragraph, char: string, complete: boolean): Opened {
    const { parser } = this
    const { line } = parser
    const { header } = above
    const rest = line.text.slice(line.next)
    if (header !== undefined && rest.length <= this.limit && /^[|:\- \t]+$/.test(rest)) {
      if (!complete) return 'wait'
      const columns = tableColumns(header, rest)
      if (columns) {
        parser.openTable(above, columns)
        return 'line'
      }
    }
    if ((char !== '=' && char !== '-') || !above.undecided) return 'none'
    const found = isUnderline(line.text, line.next, complete, this.limit)
    if (found === 'wait') return 'wait'
    if (!found || !above.canBeHeading()) return 'none'
    above.closeAsHeading(char === '=' ? 1 : 2)
    parser.leaf = undefined
    return 'line'
  }

  private quote(complete: boolean): Opened {
    const { containers, line, settings } = this.parser
    if (containers.stack.length >= settings.limits.depth) return 'none'
    if (line.next + 1 === line.text.length && !complete) return 'wait'
    this.parser.closeUnmatched()
    containers.open('quote', { type: 'quote' })
    line.take(1)
    line.skip(1)
    this.parser.nested = true
    return 'container'
  }

  private heading(complete: boolean): Opened {
    const { inline, line, sink } = this.parser
    const found = headingStart(line.text, line.next, complete)
    if (!found) return 'none'
    if (found === 'wait') return found
    const heading = new Heading(
      sink,
      inline,
      this.limit,
      { type: 'heading', level: found.level },
      this.begin(),
    )
    return this.text(heading, line.text.slice(found.end))
  }

  private fence(complete: boolean): Opened {
    const { line, settings, sink } = this.parser
    const found = fenceStart(line.text, line.next, complete, this.limit)
    if (!found) return 'none'
    if (found === 'wait') return found
    const info = unescape(found.info, settings.entities)
    const fence = line.text.charCodeAt(line.next)
    this.parser.leaf = new FencedCode(sink, fence, found.size, line.indent, this.limit, info, this.begin())
    return 'line'
  }

  private html(complete: boolean, inParagraph: boolean): Opened {
    const { line, settings, sink } = this.parser
    const rest = line.text.slice(line.next)
    const overlong = rest.length > this.limit
    const subset = settings.has.html ? this.subset(rest, complete) : undefined
    if (subset) return subset
    const end = htmlBlockEnd(rest, complete, settings.has.html || inParagraph || overlong)
    if (!end || (end === 'wait' && overlong)) return 'none'
    if (end === 'wait') return end
    const hidden = settings.has.html && rest.slice(0, 4) === '<!--' ? this.limit : -1
    const leaf = new HtmlBlock(sink, end, this.begin(), hidden)
    return this.text(leaf, line.rest())
  }

  /** A tag or comment of the safe subset: what it opens, or `container` where it is passed over. */
  private subset(rest: string, complete: boolean): Opened | undefined {
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
      const leaf = new Heading(sink, inline, this.limit, block, this.begin())
      if (close < 0) return this.text(leaf, rest.slice(end))
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
    } else if (name === 'hr') sink.close(sink.open({ type: 'rule' }, this.begin()))
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
  private reasoning(rest: string, complete: boolean): Opened {
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

  private math(complete: boolean): Opened {
    const { line, settings } = this.parser
    if (!settings.has.math) return 'none'
    const found = mathStart(line.text, line.next, complete, this.limit)
    if (!found) return 'none'
    if (found === 'wait') return found
    if (found === true) this.parser.holdFormula(line.text.slice(line.next), true)
    else this.formula(found)
    return 'line'
  }

  /** A formula as a block. */
  formula(content: string): void {
    const { sink } = this.parser
    const key = sink.open({ type: 'math' }, this.begin())
    sink.text(tidyFormula(content))
    sink.close(key)
  }

  private rule(complete: boolean): Opened {
    const { line, sink } = this.parser
    const found = isRule(line.text, line.next, complete, this.limit)
    if (!found) return 'none'
    if (found === 'wait') return found
    sink.close(sink.open({ type: 'rule' }, this.begin()))
    return 'line'
  }

  private item(complete: boolean, inParagraph: boolean): Opened {
    const { containers, line, settings } = this.parser
    if (containers.stack.length + 2 > settings.limits.depth) return 'none'
    const found = listMarker(line.text, line.next, complete, inParagraph)
    if (!found) return 'none'
    if (found === 'wait') return found
    const { length } = found
    const offset = line.indent + length
    this.openList(found)
    line.take(length)
    const padding = line.look() || line.indent > 4 ? 1 : line.indent
    line.skip(padding)
    containers.open('item', { type: 'item', number: found.start }, offset + padding)
    this.parser.nested = true
    return 'container'
  }

  /** The list of which an item opens. */
  private openList({ marker, ordered, start }: Omit<ListMarker, 'length'>): void {
    const { containers } = this.parser
    this.parser.closeUnmatched(true)
    const list = containers.last
    if (list && list.type === 'list' && list.marker === marker) return
    this.parser.closeUnmatched()
    containers.open('list', { type: 'list', ordered, start }, 0, marker)
  }

  /** A footnote: an item with its number, or with its label in front of its text. */
  private note(complete: boolean): Opened {
    const { containers, line, settings } = this.parser
    if (!settings.has.footnote || containers.stack.length + 2 > settings.limits.depth) return 'none'
    const rest = line.text.slice(line.next)
    const found = /^\[\^([^\s[\]]{1,60})\]:/.exec(rest)
    if (!found) return !complete && /^\[(?:\^[^\s[\]]{0,60}\]?)?$/.test(rest) ? 'wait' : 'none'
    if (!complete && !rest.slice(found[0].length).trim()) return 'wait'
    const label = found[1] as string
    const ordered = /^\d{1,9}$/.test(label)
    const start = ordered ? Number(label) : 1
    this.openList({ marker: ordered ? '[^1' : '[^', ordered, start })
    line.take(found[0].length)
    if (!ordered)
      line.text = `${line.text.slice(0, line.position)} ${label}:${line.text.slice(line.position)}`
    line.look()
    line.skip(line.indent)
    containers.open('item', { type: 'item', number: start, note: label }, 4)
    this.parser.nested = true
    return 'container'
  }
}
