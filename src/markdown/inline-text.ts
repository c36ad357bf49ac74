import { isMailName } from './autolink.js'
import { Base64Run, withoutBytes } from './base64-run.js'
import { InlineQueue } from './inline-queue.js'
import type { OpSink } from './op-sink.js'
import { isAlphanumeric, isBlank, MORE, NO, type Scan } from './scan.js'
import type { Settings } from './settings.js'

/** A mail address' name is at most this long, so no longer word is held back for an `@`. */
export const wordLimit = 64

/** An address that begins with its scheme is none but an address, and those that are signed are long. */
export const signed = 4

/** The part of a leaf's text that is not decided, and the queue that takes what is. */
export class InlineText {
  readonly queue: InlineQueue
  source = ''
  /** Everything before it is in the queue. */
  position = 0
  /** Characters of the leaf before `source`. */
  base = 0
  /** Where a word or run too long to mean anything was cut, counted like `base`. */
  cut = -1
  readonly bytes = new Base64Run()
  /** Of an address that waits: where it starts, and how far it goes; where one that is too long ends. Counted like `base`. */
  address = { start: -1, end: -1, tooLong: -1 }
  /** The last character before `source`. */
  private edge = 0
  /** The last one of these that is no blank. */
  private solid = ''

  constructor(
    sink: OpSink,
    readonly settings: Settings,
  ) {
    this.queue = new InlineQueue(sink, settings.limits.span)
  }

  /** Characters that wait for more text; blanks at the end may never be seen. */
  get held(): number {
    return this.trimmed() - this.position + this.queue.held
  }

  append(text: string): void {
    const oldest = this.queue.oldest
    const keep = oldest === undefined ? this.position : Math.min(this.position, oldest - this.base)
    if (keep) {
      this.edge = this.before(keep)
      this.solid = this.solidBefore(keep)
    }
    this.source = keep ? this.source.slice(keep) + text : this.source + text
    this.base += keep
    this.position -= keep
  }

  reset(): void {
    this.bytes.reset()
    this.source = ''
    this.position = this.base = this.edge = 0
    this.solid = ''
    this.cut = this.address.start = this.address.tooLong = -1
  }

  /** Runs `action` for a match from `at` to `end`; `NO` makes the character at `at` plain. */
  put(at: number, end: Scan, action: () => void): Scan {
    if (end === MORE) return this.wait(at)
    if (end === NO) return at + 1
    this.take(at)
    action()
    return (this.position = end)
  }

  /**
   * `end`, unless what it ends, or may yet end, is longer than so many `times` a target may be, the bytes of an image not
   * counted.
   */
  within(at: number, end: Scan, times = 1): Scan {
    const target = this.settings.limits.target * times
    const to = end === MORE ? this.source.length : end
    return to - at > target && withoutBytes(this.source.slice(at, to)).length > target ? NO : end
  }

  ends(at: number, final: boolean): boolean {
    return at >= this.source.length && !final
  }

  wait(at: number): Scan {
    this.take(at)
    return MORE
  }

  /** Waits at `at`, with the word before it held back too: it may be the name of a mail address. */
  waitWord(at: number): Scan {
    const start = this.wordStart(at)
    if (at - start > wordLimit) this.cut = this.base + at
    return this.wait(at - start > wordLimit ? at : start)
  }

  wordStart(at: number): number {
    const { position, source } = this
    let start = at
    while (start > position && isMailName(source.charCodeAt(start - 1))) start--
    return start
  }

  inWord(at: number): boolean {
    const before = this.before(at)
    return isAlphanumeric(before) || before === 46 || before === 45 || before === 43
  }

  /** The code point before `at`; 0 at the start of the leaf. */
  before(at: number): number {
    if (at === 0) return this.edge
    const code = this.source.charCodeAt(at - 1)
    const low = code > 0xdbff && code < 0xe000 && at > 1
    return low ? (this.source.codePointAt(at - 2) as number) : code
  }

  /** The last character before `at` that is no blank, a line end counted; nothing at the start of the leaf. */
  solidBefore(at: number): string {
    let end = at
    while (end > 0 && isBlank(this.source.charCodeAt(end - 1))) end--
    return end ? this.source.charAt(end - 1) : this.solid
  }

  /** How far text can be shown: not the last word, nor blanks a line end may turn into a break. */
  decided(): number {
    const { source } = this
    const end = source.length
    const word = this.wordStart(end)
    if (end - word > wordLimit) {
      this.cut = this.base + end
      return end
    }
    if (word < end) return word
    let at = end
    while (at > this.position && isBlank(source.charCodeAt(at - 1))) at--
    return at
  }

  trimmed(): number {
    const { position, source } = this
    let at = source.length
    for (; at > position; at--) {
      const code = source.charCodeAt(at - 1)
      if (code !== 10 && !isBlank(code)) break
    }
    return at
  }

  take(to: number): void {
    if (to <= this.position) return
    this.queue.text(this.source.slice(this.position, to))
    this.position = to
  }
}
