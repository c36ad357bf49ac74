import { withFormulas } from '../core/built-for.js'
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
import { IndentedCode } from './indented-code.js'
import { Paragraph } from './paragraph.js'
import { Table, tableColumns } from './table.js'
import { TagOpeners, type Opened } from './tag-openers.js'

/** Characters that can begin a block other than a paragraph. */
const starters = '>#`~<=-_*+$\\|:[◁0123456789'

/** Opens the block that begins at the parser's line position, in CommonMark's order of precedence. */
export class BlockOpeners {
  private readonly tags: TagOpeners

  constructor(private readonly parser: BlockParser) {
    this.tags = new TagOpeners(parser)
  }

  open(complete: boolean): Opened {
    const { containers, leaf, line } = this.parser
    const paragraph = leaf instanceof Paragraph ? leaf : undefined
    if (line.indent > 3 && this.parser.inHtml) {
      line.skip(line.indent)
      line.look()
    }
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
    const reasoning =
      '<[◁'.indexOf(char) < 0 ? 'none' : this.tags.reasoning(line.text.slice(line.next), complete)
    if (reasoning !== 'none') return reasoning
    if (char === '<') return this.tags.html(complete, !!paragraph)
    if (char === '$' || char === '\\') return this.math(complete)
    if (char === '[') return this.note(complete)
    const rule = char === '*' || char === '-' || char === '_' ? this.rule(complete) : 'none'
    return rule === 'none' ? this.item(complete, !!above) : rule
  }

  private get limit(): number {
    return this.parser.settings.limits.target
  }

  private indentedCode(): Opened {
    const { line, sink } = this.parser
    const code = new IndentedCode(sink, this.parser.begin())
    line.skip(4)
    return this.parser.beginText(code, line.rest())
  }

  /** A setext underline or a table's delimiter row: what makes something else of the paragraph above. */
  private underline(above: Paragraph, char: string, complete: boolean): Opened {
    const { parser } = this
    const { line } = parser
    const { header } = above
    const rest = line.text.slice(line.next)
    if (header !== undefined && rest.length <= this.limit && /^[|:\- \t]+$/.test(rest)) {
      if (!complete) return 'wait'
      const columns = tableColumns(header, rest, parser.settings.has.code)
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
    const { inline, line, settings, sink } = this.parser
    const found = headingStart(line.text, line.next, complete, settings.has.cjk)
    if (!found) return 'none'
    if (found === 'wait') return found
    const heading = new Heading(
      sink,
      inline,
      this.limit,
      { type: 'heading', level: found.level },
      this.parser.begin(),
    )
    return this.parser.beginText(heading, line.text.slice(found.end))
  }

  private fence(complete: boolean): Opened {
    const { line } = this.parser
    const found = fenceStart(line.text, line.next, complete, this.limit)
    if (!found) return 'none'
    if (found === 'wait') return found
    this.code(line.text.charCodeAt(line.next), found.size, line.indent, found.info)
    return 'line'
  }

  private code(code: number, size: number, indent: number, source: string): void {
    const { settings, sink } = this.parser
    const { has } = settings
    const info = unescape(source, settings.entities)
    const rules = { isFormula: has.math && info === 'math', glued: has.code, limit: this.limit }
    this.parser.leaf = new FencedCode(sink, { code, size, indent, info }, rules, this.parser.begin())
  }

  /**
   * The line after one that ends with a fence behind its text: code begins with it, unless it is blank or the next item.
   * False while that needs more of the line.
   */
  fenceBehind(above: Paragraph, complete: boolean): boolean {
    const { containers, line } = this.parser
    const found = above.openFence()
    if (!found) return true
    if (line.look()) return complete
    const list = containers.stack[containers.matched - 1]
    if (!containers.allMatched && list && list.type === 'list') {
      const item = listMarker(line.text, line.next, complete, false)
      if (item === 'wait') return false
      if (item && item.marker === list.marker) return true
    }
    const indent = containers.allMatched ? 0 : line.indent
    above.dropFence()
    this.code(96, found.size, indent, found.info)
    return true
  }

  private math(complete: boolean): Opened {
    const { line, settings } = this.parser
    if (!withFormulas || !settings.has.math) return 'none'
    const found = mathStart(line.text, line.next, complete, this.limit)
    if (!found) return 'none'
    if (found === 'wait') return found
    if (found === true) this.parser.formula.hold(line.text.slice(line.next), true)
    else this.formula(found.content)
    if (found === true || !found.behind) return 'line'
    this.parser.textLeaf(found.behind)
    this.parser.writeLeaf(found.behind)
    return 'text'
  }

  /** A formula as a block. */
  formula(content: string): void {
    const { sink } = this.parser
    const key = sink.open({ type: 'math' }, this.parser.begin())
    sink.text(tidyFormula(content))
    sink.close(key)
  }

  private rule(complete: boolean): Opened {
    const { line, sink } = this.parser
    const found = isRule(line.text, line.next, complete, this.limit)
    if (!found) return 'none'
    if (found === 'wait') return found
    sink.close(sink.open({ type: 'rule' }, this.parser.begin()))
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
