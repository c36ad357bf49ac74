import { withFormulas } from '../core/built-for.js'
import { scanCitation } from './citation.js'
import { scanEntity } from './entity.js'
import { flanking } from './emphasis.js'
import { closerOf } from './formula.js'
import { gluedFence, mayBeFence, type CodeFence } from './glued-fence.js'
import { readAddress } from './inline-address.js'
import { readAngle, readBracketEnd } from './inline-links.js'
import { scanCodeSpan, scanMath, scanNote, type Span } from './inline-spans.js'
import { InlineText } from './inline-text.js'
import { OpenCode } from './open-code.js'
import type { OpSink } from './op-sink.js'
import { isAlphanumeric, isDigit, isEscapable, MORE, NO, skipRun, type Scan } from './scan.js'
import type { Settings, Settling } from './settings.js'
import { specials } from './specials.js'

/**
 * The inline content of one leaf, as it comes. Text is read once: the position only waits at a character
 * whose meaning the text so far leaves open.
 */
export class InlineParser {
  private readonly special: RegExp
  private readonly input: InlineText
  private readonly code: OpenCode

  constructor(
    sink: OpSink,
    private readonly settings: Settings,
  ) {
    this.input = new InlineText(sink, settings)
    this.code = new OpenCode(this.input)
    this.special = specials(settings.has)
  }

  /** Characters that wait for more text. */
  get held(): number {
    return this.input.held
  }

  /** Takes text of the leaf. A line end comes only together with the line that follows it. */
  feed(text: string): void {
    const { input } = this
    let rest = text
    if (input.bytes.isOpen) {
      const { length, kept } = input.bytes.take(text)
      input.source += kept
      if (length === text.length) return
      rest = text.slice(length)
    }
    input.append(rest)
    this.parse(false)
  }

  /** What closes the formula that waits for lines to come, and what there is of it. */
  get formula(): string | undefined {
    const { position, source } = this.input
    const code = source.charCodeAt(position)
    if ((code !== 36 && code !== 92) || !this.settings.has.math) return undefined
    const text = source.slice(position)
    return closerOf(text) ? text : undefined
  }

  /** What ends the code or the formula that is open where the text ends. */
  get openCloser(): string {
    const { position, source } = this.input
    if (this.code.ticks) return '`'.repeat(this.code.ticks)
    const sign = source.charCodeAt(position)
    if (sign === 92) return closerOf(source.slice(position)) || ''
    return sign === 96 || sign === 36 ? source.slice(position, skipRun(source, position, sign)) : ''
  }

  /** The fence of code that waits at the end of a line. */
  get codeFence(): CodeFence | undefined {
    const { position, source } = this.input
    if (source.charCodeAt(position) !== 96 || this.code.ticks) return undefined
    return gluedFence(this.input.solidBefore(position), source.slice(position))
  }

  /** It is no text: its code is a block. */
  dropFence(): void {
    this.input.source = this.input.source.slice(0, this.input.position)
  }

  /** The mark that waits begins no formula. */
  refuseFormula(): void {
    const { input } = this
    input.cut = input.base + input.position
    this.parse(false)
  }

  /** Shows a held word at the end, or more: see `Markdown.settle`. */
  settle(what: Settling): void {
    const { input } = this
    if (what === 'likely') return this.settleLikely()
    if (what === 'all') {
      const end = input.trimmed()
      const tail = input.source.slice(end)
      input.source = input.source.slice(0, end)
      this.parse(true)
      input.source += tail
      input.queue.finish()
    } else if (/^[\w.+-]*[a-zA-Z0-9]$/.test(input.source.slice(input.position)))
      input.take(input.source.length)
    input.cut = input.base + input.position
    input.queue.flush()
  }

  private settleLikely(): void {
    const { input } = this
    const waiting = input.source.slice(input.position)
    const ticks = skipRun(waiting, 0, 96)
    // Where nothing waits but a blank or a run that may go on, that is all right.
    if (/^(?:[*_~]+|\s*)$/.test(waiting)) input.queue.settle()
    else if (mayBeFence(waiting)) return
    else if (/^(?:<|\]\(|https?:|www\.|\$\$|\\[[(]|\$[^$]*[\\^_])/i.test(waiting)) return
    else if (ticks && waiting.charCodeAt(ticks) > 32 && ticks < waiting.length) {
      input.queue.settle()
      this.code.begin(ticks)
      this.parse(false)
    } else {
      input.queue.settle()
      input.cut = input.base + input.position
      input.take(input.position + ticks)
      if (ticks || waiting.charAt(0) === '$') this.parse(false)
      this.settle('words')
      this.takeEnd()
    }
    input.queue.flush()
  }

  /** A sentence ends here, most likely: its stop is no part of an address, a picture or a name of a character. */
  private takeEnd(): void {
    const { input } = this
    const { position, source } = input
    const waiting = source.slice(position)
    const [end = ''] = /^(?:[\w.+-]*[.+-]|[!\]]|&\w?)(?=\s*$)/.exec(waiting) || []
    // A picture stands apart from what is before it.
    if (!end || (end === '!' && input.before(position) <= 32)) return
    input.take(position + end.length)
    input.cut = input.base + input.position
  }

  /** The leaf ends: everything still open is text. The parser is then ready for the next leaf. */
  finish(): void {
    const { input } = this
    if (input.source.length > input.position) this.parse(true)
    this.code.ticks = 0
    input.queue.close()
    input.reset()
  }

  private parse(final: boolean): void {
    const { input, special } = this
    const { source } = input
    let at = this.code.ticks ? this.code.read(final) : input.position
    while (at < source.length && at !== MORE) {
      special.lastIndex = at
      if (!special.test(source)) break
      at = special.lastIndex - 1
      at = this.read(source.charCodeAt(at), at, final)
    }
    if (at !== MORE) input.take(final ? input.trimmed() : input.decided())
    const left = source.length - input.position
    // Blanks at the end are no part of a word, and may never be shown.
    input.queue.expire(at !== MORE && source.charCodeAt(input.position) > 32 ? left : 0)
    if (at === MORE && left > 20 && /^[\w+/=]*$/.test(source.slice(-8)))
      input.bytes.begin(source.slice(input.position))
    input.queue.flush()
  }

  /** Reads the special character at `at` and returns where to go on, or `MORE`. */
  private read(code: number, at: number, final: boolean): Scan {
    const { input } = this
    switch (code) {
      case 10:
        return this.lineEnd(at)
      case 92:
        return this.backslash(at, final)
      case 96:
      case 42:
      case 95:
      case 126:
        return this.run(code, at, final)
      case 33:
        if (input.ends(at + 1, final)) return input.wait(at)
        if (input.source.charCodeAt(at + 1) !== 91) return at + 1
        input.take(at)
        input.queue.openBracket(true, input.base + at + 2)
        return (input.position = at + 2)
      case 91: {
        // Where it is a source's, a mark of a footnote is a citation.
        const cited = this.citation(at, final)
        if (cited) return cited
        const note = this.settings.has.footnote ? scanNote(input.source, at, final) : NO
        if (note) {
          const label = input.source.slice(at + 2, note - 1)
          return input.put(at, note, () => {
            input.queue.atom({ op: 'enter', mark: { type: 'sup' } }, '')
            input.queue.marked({ type: 'link', href: `#note-${label}`, title: '' }, label)
            input.queue.atom({ op: 'leave' }, '')
          })
        }
        input.take(at)
        input.queue.openBracket(false, input.base + at + 1)
        return (input.position = at + 1)
      }
      case 93:
        return readBracketEnd(input, at, final)
      case 0x3010:
        return this.citation(at, final) || at + 1
      case 60:
        return readAngle(input, at, final)
      case 38: {
        const entity = scanEntity(input.source, at, final, this.settings.entities)
        return input.put(at, entity.end, () => input.queue.text(entity.text))
      }
      case 36: {
        if (input.ends(at + 1, final)) return input.wait(at)
        const size = input.source.charCodeAt(at + 1) === 36 ? 2 : 1
        return this.math(at, at + size, '$'.repeat(size), final) || at + size
      }
      default:
        return readAddress(input, code, at, final)
    }
  }

  private citation(at: number, final: boolean): Scan {
    const { input, settings } = this
    if (!settings.cite) return NO
    const { end, parts } = scanCitation(input.source, at, final, settings.cite)
    if (!end) return NO
    return input.put(at, end, () => {
      for (const [shown, label] of parts)
        if (label) input.queue.marked({ type: 'link', href: `#cite-${label}`, title: '' }, shown)
        else input.queue.text(shown)
    })
  }

  private lineEnd(at: number): Scan {
    const { input } = this
    let end = at
    while (end > input.position && input.source.charCodeAt(end - 1) === 32) end--
    const hard = input.source.slice(end, at).slice(-2) === '  '
    input.take(end)
    if (hard) input.queue.endLine()
    else input.queue.text('\n')
    return (input.position = at + 1)
  }

  private backslash(at: number, final: boolean): Scan {
    const { input } = this
    if (input.ends(at + 1, final)) return input.wait(at)
    const char = input.source.charAt(at + 1)
    if (this.settings.has.math && (char === '(' || char === '[')) {
      const end = this.math(at, at + 2, char === '(' ? '\\)' : '\\]', final)
      if (end) return end
    }
    if (char === '\n') return input.put(at, at + 2, () => input.queue.endLine())
    if (!isEscapable(char.charCodeAt(0))) return at + 1
    return input.put(at, at + 2, () => input.queue.text(char))
  }

  /** Backticks, asterisks, underscores or tildes. */
  private run(code: number, at: number, final: boolean): Scan {
    const { input, settings } = this
    const { source } = input
    const end = skipRun(source, at, code)
    const cut = input.base + at === input.cut && input.before(at) === code
    if (cut || end - at > settings.limits.span) {
      input.take(end)
      input.cut = input.base + end
      return end
    }
    if (input.ends(end, final)) return code === 95 ? input.waitWord(at) : input.wait(at)
    if (code === 96) {
      const span = scanCodeSpan(source, at, end, final, settings.limits.span)
      this.reach(at, span)
      if (span.end === NO) return end
      return input.put(at, span.end, () => input.queue.atom({ op: 'code', text: span.text }, span.text))
    }
    const after = end < source.length ? (source.codePointAt(end) as number) : 0
    const before = input.before(at)
    // An underscore inside a word is a letter of it, also of a mail address.
    if (code === 95 && isAlphanumeric(before) && isAlphanumeric(after)) return end
    if (code === 126 && end - at > 2) return end
    // `2*3*4` and `2**10` are sums.
    if (code === 42 && settings.has.math && isDigit(before) && isDigit(after)) return end
    const char = source.charAt(at)
    const { opens, closes } = flanking(char, end - at, before, after, settings.has.cjk)
    if (!opens && !closes) return end
    input.take(at)
    input.queue.expire()
    input.queue.delimiter(char, end - at, opens, closes)
    return (input.position = end)
  }

  /** What was looked at for a span waited, and so did what is open before it. */
  private reach(at: number, { reach }: Span): void {
    const { input } = this
    if (reach) input.queue.expire(at - input.position + reach)
  }

  private math(at: number, open: number, closer: string, final: boolean): Scan {
    const { input } = this
    if (!withFormulas || input.base + at === input.cut) return NO
    const span = scanMath(input.source, at, open, closer, final, this.settings.limits)
    this.reach(at, span)
    const { text } = span
    const display = closer === '$$' || closer === '\\]'
    const end = input.put(at, span.end, () => input.queue.atom({ op: 'math', text, display }, text))
    return span.end === NO ? NO : end
  }
}
