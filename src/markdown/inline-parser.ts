import { isMailName, scanAddress, scanMailHost } from './autolink.js'
import { flanking } from './emphasis.js'
import { scanEntity, unescape } from './entity.js'
import { InlineQueue } from './inline-queue.js'
import { scanCodeSpan, scanMath, type Span } from './inline-spans.js'
import { normalizeLabel, scanLabel, scanLinkTail } from './link-syntax.js'
import type { OpSink } from './op-sink.js'
import { scanAngleLink, scanHtml } from './raw-html.js'
import { isAlphanumeric, isEscapable, MORE, NO, skipRun, type Scan } from './scan.js'
import { safeUrl } from './safe-url.js'
import type { Settings } from './settings.js'

/** A mail address' name is at most this long, so no longer word is held back for an `@`. */
const wordLimit = 64

/**
 * The inline content of one leaf, as it comes. Text is read once: the position only waits at a character
 * whose meaning the text so far leaves open.
 */
export class InlineParser {
  private readonly queue: InlineQueue
  private readonly special = new Uint8Array(128)
  private source = ''
  /** Everything before it is in the queue. */
  private position = 0
  /** Characters of the leaf before `source`, and the last of them. */
  private base = 0
  private edge = 0
  /** Where a word or run too long to mean anything was cut, counted like `base`. */
  private cut = -1

  constructor(
    sink: OpSink,
    private readonly settings: Settings,
  ) {
    const { has, limits } = settings
    this.queue = new InlineQueue(sink, limits.span)
    const chars =
      '\n\\`*_[]!<&' + (has.strikethrough ? '~' : '') + (has.math ? '$' : '') + (has.autolink ? ':@w' : '')
    for (let at = 0; at < chars.length; at++) this.special[chars.charCodeAt(at)] = 1
  }

  /** Characters that wait for more text. */
  get held(): number {
    return this.source.length - this.position + this.queue.held
  }

  /** Takes text of the leaf. A line end comes only together with the line that follows it. */
  feed(text: string): void {
    const oldest = this.queue.oldest
    const keep = oldest === undefined ? this.position : Math.min(this.position, oldest - this.base)
    if (keep) this.edge = this.before(keep)
    this.source = keep ? this.source.slice(keep) + text : this.source + text
    this.base += keep
    this.position -= keep
    this.parse(false)
  }

  /** Shows a held word at the end, or with `all` everything held: what is open becomes text. */
  settle(all: boolean): void {
    if (all) {
      const end = this.trimmed()
      const tail = this.source.slice(end)
      this.source = this.source.slice(0, end)
      this.parse(true)
      this.source += tail
      this.queue.finish()
    } else if (/^[\w.+-]*[a-zA-Z0-9]$/.test(this.source.slice(this.position))) this.take(this.source.length)
    this.cut = this.base + this.position
    this.queue.flush()
  }

  /** The leaf ends: everything still open is text. The parser is then ready for the next leaf. */
  finish(): void {
    if (this.source.length > this.position) this.parse(true)
    this.queue.finish()
    this.source = ''
    this.position = this.base = this.edge = 0
    this.cut = -1
  }

  private parse(final: boolean): void {
    const { source, special } = this
    let at = this.position
    while (at < source.length && at !== MORE) {
      const code = source.charCodeAt(at)
      at = code > 127 || special[code] === 0 ? at + 1 : this.read(code, at, final)
    }
    if (at !== MORE) this.take(final ? this.trimmed() : this.decided())
    this.queue.expire()
    this.queue.flush()
  }

  /** Reads the special character at `at` and returns where to go on, or `MORE`. */
  private read(code: number, at: number, final: boolean): Scan {
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
        if (this.ends(at + 1, final)) return this.wait(at)
        if (this.source.charCodeAt(at + 1) !== 91) return at + 1
        this.take(at)
        this.queue.openBracket(true, this.base + at + 2)
        return (this.position = at + 2)
      case 91:
        this.take(at)
        this.queue.openBracket(false, this.base + at + 1)
        return (this.position = at + 1)
      case 93:
        return this.closeBracket(at, final)
      case 60:
        return this.angle(at, final)
      case 38: {
        const entity = scanEntity(this.source, at, final, this.settings.entities)
        return this.put(at, entity.end, () => this.queue.text(entity.text))
      }
      case 36: {
        if (this.ends(at + 1, final)) return this.wait(at)
        const size = this.source.charCodeAt(at + 1) === 36 ? 2 : 1
        return this.math(at, at + size, '$'.repeat(size), final) || at + size
      }
      default:
        return this.address(code, at, final)
    }
  }

  private lineEnd(at: number): Scan {
    let end = at
    while (end > this.position && /[ \t]/.test(this.source.charAt(end - 1))) end--
    const hard = this.source.slice(end, at).slice(-2) === '  '
    this.take(end)
    if (hard) this.queue.atom({ op: 'break' }, '\n')
    else this.queue.text('\n')
    return (this.position = at + 1)
  }

  private backslash(at: number, final: boolean): Scan {
    if (this.ends(at + 1, final)) return this.wait(at)
    const char = this.source.charAt(at + 1)
    if (this.settings.has.math && (char === '(' || char === '[')) {
      const end = this.math(at, at + 2, char === '(' ? '\\)' : '\\]', final)
      if (end) return end
    }
    if (char === '\n') return this.put(at, at + 2, () => this.queue.atom({ op: 'break' }, '\n'))
    if (!isEscapable(char.charCodeAt(0))) return at + 1
    return this.put(at, at + 2, () => this.queue.text(char))
  }

  /** Backticks, asterisks, underscores or tildes. */
  private run(code: number, at: number, final: boolean): Scan {
    const { source, settings } = this
    const end = skipRun(source, at, code)
    const cut = this.base + at === this.cut && this.before(at) === code
    if (cut || end - at > settings.limits.span) {
      this.take(end)
      this.cut = this.base + end
      return end
    }
    if (this.ends(end, final)) return code === 95 ? this.waitWord(at) : this.wait(at)
    if (code === 96) {
      const span = scanCodeSpan(source, at, end, final, settings.limits.span)
      if (span.end === NO) return end
      return this.put(at, span.end, () => this.queue.atom({ op: 'code', text: span.text }, span.text))
    }
    const after = end < source.length ? (source.codePointAt(end) as number) : 0
    const before = this.before(at)
    // An underscore inside a word is a letter of it, also of a mail address.
    if (code === 95 && isAlphanumeric(before) && isAlphanumeric(after)) return end
    if (code === 126 && end - at > 2) return end
    const char = source.charAt(at)
    const { opens, closes } = flanking(char, end - at, before, after, settings.has.cjk)
    if (!opens && !closes) return end
    this.take(at)
    this.queue.expire()
    this.queue.delimiter(char, end - at, opens, closes)
    return (this.position = end)
  }

  private math(at: number, open: number, closer: string, final: boolean): Scan {
    const span: Span = scanMath(this.source, at, open, closer, final, this.settings.limits.span)
    const display = closer === '$$' || closer === '\\]'
    const end = this.put(at, span.end, () =>
      this.queue.atom({ op: 'math', text: span.text, display }, span.text),
    )
    return span.end === NO ? NO : end
  }

  private closeBracket(at: number, final: boolean): Scan {
    const { queue, source } = this
    this.take(at)
    queue.expire()
    const { bracket } = queue
    if (!bracket) return at + 1
    if (bracket.live) {
      if (this.ends(at + 1, final)) return this.wait(at)
      const end = source.charCodeAt(at + 1) === 40 ? this.inlineLink(at, final) : NO
      if (end) return end
      const found = this.settings.references.size ? this.referenceLink(at, this.base, bracket.at, final) : NO
      if (found) return found
    }
    queue.dropBracket()
    return (this.position = at + 1)
  }

  private inlineLink(at: number, final: boolean): Scan {
    const tail = scanLinkTail(this.source, at + 1, final)
    const end = this.within(at, tail.end)
    if (end <= 0) return end
    const { entities, schemes } = this.settings
    this.finishLink(safeUrl(unescape(tail.href, entities), schemes), unescape(tail.title, entities))
    return (this.position = end)
  }

  private referenceLink(at: number, base: number, open: number, final: boolean): Scan {
    const { source } = this
    const { references } = this.settings
    let label = source.slice(open - base, at)
    let end = at + 1
    if (source.charAt(end) === '[') {
      if (this.ends(end + 1, final)) return this.wait(at)
      const full = source.charAt(end + 1) === ']' ? NO : scanLabel(source, end, final)
      if (full === MORE) return MORE
      if (full > 0) label = source.slice(end + 1, full - 1)
      end = full > 0 ? full : source.charAt(end + 1) === ']' ? end + 2 : end
    }
    if (scanLabel(`[${label}]`, 0, true) !== label.length + 2) return NO
    const key = normalizeLabel(label)
    if (!references.has(key)) return NO
    const target = references.get(key)
    this.finishLink(target && target.href, target ? target.title : '')
    return (this.position = end)
  }

  private finishLink(href: string | undefined, title: string): void {
    const { queue } = this
    if (queue.bracket && queue.bracket.image) queue.closeImage(href, title)
    else queue.closeLink(href === undefined ? undefined : { type: 'link', href, title })
  }

  private angle(at: number, final: boolean): Scan {
    const { source, queue } = this
    const link = scanAngleLink(source, at, final)
    const linked = this.within(at, link.end)
    if (linked) {
      const href = linked > 0 ? safeUrl(link.href, this.settings.schemes) : undefined
      const text = source.slice(at + 1, linked - 1)
      return this.put(at, linked, () => {
        if (href === undefined) queue.text(`<${text}>`)
        else queue.link({ type: 'link', href, title: '' }, text)
      })
    }
    const end = this.within(at, scanHtml(source, at, final))
    const text = source.slice(at, end)
    const isBreak = this.settings.has.br && /^<br\s*\/?>$/i.test(text)
    const put = () => (isBreak ? queue.atom({ op: 'break' }, '\n') : queue.atom({ op: 'html', text }, text))
    return this.put(at, end, put)
  }

  /** An address without brackets, met at its `:`, `@` or `w`. */
  private address(code: number, at: number, final: boolean): Scan {
    const { source, position } = this
    if (this.queue.inBracket(at - position)) return at + 1
    const limit = this.settings.limits.target
    let start = at
    let end: Scan = NO
    if (code === 119) {
      const word = source.slice(at, at + 4)
      if (this.inWord(at)) return at + 1
      if (word !== 'www.')
        return !final && word === 'www.'.slice(0, source.length - at) ? this.waitWord(at) : at + 1
      end = scanAddress(source, at, at, final, limit)
    } else if (code === 58) {
      const scheme = /https?$/i.exec(source.slice(Math.max(position, at - 5), at))
      start = scheme ? at - scheme[0].length : at
      if (!scheme || this.inWord(start)) return at + 1
      const slashes = source.slice(at, at + 3)
      if (slashes === '://') end = scanAddress(source, start, at + 3, final, limit)
      else if (!final && slashes === '://'.slice(0, source.length - at)) end = MORE
    } else {
      while (start > position && isMailName(source.charCodeAt(start - 1))) start--
      const whole =
        start > position || (this.base + start !== this.cut && !isAlphanumeric(this.before(start)))
      if (whole && start < at && at - start <= wordLimit) end = scanMailHost(source, at, final, limit)
    }
    if (end === MORE) return this.wait(start)
    const text = source.slice(start, end)
    const href = end
      ? safeUrl((code === 119 ? 'http://' : code === 64 ? 'mailto:' : '') + text, this.settings.schemes)
      : undefined
    if (href === undefined) return at + 1
    return this.put(start, end, () => this.queue.link({ type: 'link', href, title: '' }, text))
  }

  /** Runs `action` for a match from `at` to `end`; `NO` makes the character at `at` plain. */
  private put(at: number, end: Scan, action: () => void): Scan {
    if (end === MORE) return this.wait(at)
    if (end === NO) return at + 1
    this.take(at)
    action()
    return (this.position = end)
  }

  /** `end`, unless what it ends, or may yet end, is longer than a target may be. */
  private within(at: number, end: Scan): Scan {
    return (end === MORE ? this.source.length : end) - at > this.settings.limits.target ? NO : end
  }

  private ends(at: number, final: boolean): boolean {
    return at >= this.source.length && !final
  }

  private wait(at: number): Scan {
    this.take(at)
    return MORE
  }

  /** Waits at `at`, with the word before it held back too: it may be the name of a mail address. */
  private waitWord(at: number): Scan {
    const start = this.wordStart(at)
    if (at - start > wordLimit) this.cut = this.base + at
    return this.wait(at - start > wordLimit ? at : start)
  }

  private wordStart(at: number): number {
    let start = at
    while (start > this.position && isMailName(this.source.charCodeAt(start - 1))) start--
    return start
  }

  private inWord(at: number): boolean {
    const before = this.before(at)
    return isAlphanumeric(before) || before === 46 || before === 45 || before === 43
  }

  /** The code point before `at`; 0 at the start of the leaf. */
  private before(at: number): number {
    if (at === 0) return this.edge
    const code = this.source.charCodeAt(at - 1)
    const low = code > 0xdbff && code < 0xe000 && at > 1
    return low ? (this.source.codePointAt(at - 2) as number) : code
  }

  /** How far text can be shown: not the last word, nor blanks a line end may turn into a break. */
  private decided(): number {
    const { source } = this
    const end = source.length
    const word = this.wordStart(end)
    if (end - word > wordLimit) {
      this.cut = this.base + end
      return end
    }
    if (word < end) return word
    let at = end
    while (at > this.position && /[ \t]/.test(source.charAt(at - 1))) at--
    return at
  }

  private trimmed(): number {
    let at = this.source.length
    while (at > this.position && /[ \t\n]/.test(this.source.charAt(at - 1))) at--
    return at
  }

  private take(to: number): void {
    if (to <= this.position) return
    this.queue.text(this.source.slice(this.position, to))
    this.position = to
  }
}
