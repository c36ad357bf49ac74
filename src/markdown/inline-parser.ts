import { scanEntity } from './entity.js'
import { flanking } from './emphasis.js'
import { closerOf } from './formula.js'
import { readAddress } from './inline-address.js'
import { readAngle, readBracketEnd } from './inline-links.js'
import { scanCodeSpan, scanMath, scanNote, type Span } from './inline-spans.js'
import { InlineText } from './inline-text.js'
import type { OpSink } from './op-sink.js'
import { isAlphanumeric, isEscapable, MORE, NO, skipRun, type Scan } from './scan.js'
import type { Settings } from './settings.js'

/**
 * The inline content of one leaf, as it comes. Text is read once: the position only waits at a character
 * whose meaning the text so far leaves open.
 */
export class InlineParser {
  private readonly special = new Uint8Array(128)
  private readonly input: InlineText

  constructor(
    sink: OpSink,
    private readonly settings: Settings,
  ) {
    const { has } = settings
    this.input = new InlineText(sink, settings)
    const chars =
      '\n\\`*_[]!<&' + (has.strikethrough ? '~' : '') + (has.math ? '$' : '') + (has.autolink ? ':@w' : '')
    for (let at = 0; at < chars.length; at++) this.special[chars.charCodeAt(at)] = 1
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
    const { input } = this
    const text = input.source.slice(input.position)
    return this.settings.has.math && closerOf(text) ? text : undefined
  }

  /** The mark that waits begins no formula. */
  refuseFormula(): void {
    const { input } = this
    input.cut = input.base + input.position
    this.parse(false)
  }

  /** Shows a held word at the end, or with `all` everything held: what is open becomes text. */
  settle(all: boolean): void {
    const { input } = this
    if (all) {
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

  /** The leaf ends: everything still open is text. The parser is then ready for the next leaf. */
  finish(): void {
    const { input } = this
    if (input.source.length > input.position) this.parse(true)
    input.queue.close()
    input.reset()
  }

  private parse(final: boolean): void {
    const { input, special } = this
    const { source } = input
    let at = input.position
    while (at < source.length && at !== MORE) {
      const code = source.charCodeAt(at)
      at = code > 127 || special[code] === 0 ? at + 1 : this.read(code, at, final)
    }
    if (at !== MORE) input.take(final ? input.trimmed() : input.decided())
    const left = source.length - input.position
    // Blanks at the end are no part of a word, and may never be shown.
    input.queue.expire(at !== MORE && source.charCodeAt(input.position) > 32 ? left : 0)
    if (at === MORE && left > 20) input.bytes.begin(source.slice(input.position))
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
        const note = this.settings.has.footnote ? scanNote(input.source, at, final) : NO
        if (note) {
          const label = input.source.slice(at + 2, note - 1)
          return input.put(at, note, () => input.queue.marked({ type: 'sup' }, label))
        }
        input.take(at)
        input.queue.openBracket(false, input.base + at + 1)
        return (input.position = at + 1)
      }
      case 93:
        return readBracketEnd(input, at, final)
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

  private lineEnd(at: number): Scan {
    const { input } = this
    let end = at
    while (end > input.position && input.source.charCodeAt(end - 1) === 32) end--
    const hard = input.source.slice(end, at).slice(-2) === '  '
    input.take(end)
    if (hard) input.queue.atom({ op: 'break' }, '\n')
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
    if (char === '\n') return input.put(at, at + 2, () => input.queue.atom({ op: 'break' }, '\n'))
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
    if (input.base + at === input.cut) return NO
    const span = scanMath(input.source, at, open, closer, final, this.settings.limits)
    this.reach(at, span)
    const display = closer === '$$' || closer === '\\]'
    const end = input.put(at, span.end, () =>
      input.queue.atom({ op: 'math', text: span.text, display }, span.text),
    )
    return span.end === NO ? NO : end
  }
}
