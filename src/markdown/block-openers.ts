import type { BlockParser } from './block-parser.js'
import { fenceStart, headingStart, isRule, isUnderline, listMarker, mathStart } from './block-starts.js'
import { unescape } from './entity.js'
import { FencedCode } from './fenced-code.js'
import { Heading } from './heading.js'
import { HtmlBlock, htmlBlockEnd } from './html-block.js'
import { IndentedCode } from './indented-code.js'
import type { Leaf } from './leaf.js'
import { MathBlock } from './math-block.js'
import { Paragraph } from './paragraph.js'
import { Table, tableColumns } from './table.js'

/**
 * What a line's start opened: a container, so its content is read for another start; a leaf that takes the
 * rest as `text`; a block made of the whole `line`; `none`, or `wait` while that needs more of the line.
 */
export type Opened = 'wait' | 'none' | 'container' | 'text' | 'line'

/** Characters that can begin a block other than a paragraph. */
const starters = '>#`~<=-_*+$\\|:0123456789'

/** Opens the block that begins at the parser's line position, in CommonMark's order of precedence. */
export class BlockOpeners {
  constructor(private readonly parser: BlockParser) {}

  open(complete: boolean): Opened {
    const { containers, leaf, line } = this.parser
    const paragraph = leaf instanceof Paragraph ? leaf : undefined
    if (line.indent > 3) return paragraph || (leaf && containers.allMatched) ? 'none' : this.indentedCode()
    const char = line.text.charAt(line.next)
    if (starters.indexOf(char) < 0) return 'none'
    const above = containers.allMatched ? paragraph : undefined
    const underline = above ? this.underline(above, char, complete) : 'none'
    if (underline !== 'none') return underline
    if (char === '>') return this.quote(complete)
    if (char === '#') return this.heading(complete)
    if (char === '`' || char === '~') return this.fence(complete)
    if (char === '<') return this.html(complete, !!paragraph)
    if (char === '$' || char === '\\') return this.math(complete)
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
        const whole = above.closeBeforeHeader()
        parser.leaf = new Table(parser.sink, parser.inline, columns, header, whole && above.gap)
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
    const heading = new Heading(sink, inline, this.limit, found.level, this.begin())
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
    const reasoning = settings.has.reasoning ? this.reasoning(rest, complete) : 'none'
    if (reasoning !== 'none') return reasoning
    const overlong = rest.length > this.limit
    const end = htmlBlockEnd(rest, complete, inParagraph || overlong)
    if (!end || (end === 'wait' && overlong)) return 'none'
    if (end === 'wait') return end
    return this.text(new HtmlBlock(sink, end, this.begin()), line.rest())
  }

  private reasoning(rest: string, complete: boolean): Opened {
    const { parser } = this
    const { containers } = parser
    if (containers.stack.length) return 'none'
    const tag = /^<(think(?:ing)?)>/.exec(rest)
    if (!tag)
      return !complete && ('<think>'.indexOf(rest) === 0 || '<thinking>'.indexOf(rest) === 0)
        ? 'wait'
        : 'none'
    parser.closeUnmatched()
    containers.open('reasoning', { type: 'reasoning' })
    parser.reasoningEnd = `</${tag[1]}>`
    parser.afterReasoning = rest.slice(tag[0].length)
    parser.beginLine()
    return 'line'
  }

  private math(complete: boolean): Opened {
    const { line, settings, sink } = this.parser
    if (!settings.has.math) return 'none'
    const found = mathStart(line.text, line.next, complete, this.limit)
    if (!found) return 'none'
    if (found === 'wait') return found
    const math = new MathBlock(sink, found.closer, this.limit, this.begin())
    math.write(found.content)
    math.endLine()
    if (found.closed) math.close()
    else this.parser.leaf = math
    return 'line'
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
    const { marker, ordered, start, length } = found
    const offset = line.indent + length
    this.parser.closeUnmatched(true)
    const list = containers.last
    if (!list || list.type !== 'list' || list.marker !== marker) {
      this.parser.closeUnmatched()
      containers.open('list', { type: 'list', ordered, start }, 0, marker)
    }
    line.take(length)
    const padding = line.look() || line.indent > 4 ? 1 : line.indent
    line.skip(padding)
    containers.open('item', { type: 'item' }, offset + padding)
    this.parser.nested = true
    return 'container'
  }
}
