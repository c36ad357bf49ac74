import { matchEmphasis, type Delimiter } from './emphasis.js'
import type { InlineOp, Mark } from './markdown-types.js'
import { altOf, leave, type Atom, type Bracket, type Node, type Tag } from './inline-node.js'
import { OpenMarks } from './open-marks.js'
import type { OpSink } from './op-sink.js'

/** Before a line of its own, and behind the end of one. */
const blanks = /^\s+/
const lineEnd = /^ *\n/

/**
 * Parsed inline content in order. What stands before the first open delimiter or bracket is final and goes
 * to the sink; the rest waits until that one is matched, or has held `span` visible characters.
 */
export class InlineQueue {
  private nodes: Node[] = []
  private delimiters: Delimiter[] = []
  private brackets: Bracket[] = []
  private seen = 0
  /** What was seen before the leaf. */
  private begun = 0
  private seq = 0
  /** What the next text leaves out at its start. */
  private cut: RegExp | undefined
  /** Marks that are shown before their end came, innermost last. */
  private readonly likely: string[] = []
  /** Delimiters from here on have not been tried as closers: a bracket before them is undecided. */
  private untried = 0
  private readonly marks: OpenMarks

  constructor(
    private readonly sink: OpSink,
    private readonly span: number,
  ) {
    this.marks = new OpenMarks(sink)
  }

  /** The oldest bracket's position, or `undefined`. */
  get oldest(): number | undefined {
    return this.brackets[0] && this.brackets[0].at
  }

  get bracket(): Bracket | undefined {
    return this.brackets[this.brackets.length - 1]
  }

  /** Nothing of the leaf came yet. */
  get isEmpty(): boolean {
    return this.seen === this.begun
  }

  /** Visible characters that wait. */
  get held(): number {
    let held = 0
    for (const node of this.nodes) held += altOf(node).length
    return held
  }

  /** Whether a bracket will still be open after `more` visible characters. */
  inBracket(more: number): boolean {
    const { bracket } = this
    return !!bracket && this.seen + more - bracket.seen <= this.span
  }

  /** What follows begins on a line of its own, where anything is before it. */
  line(): void {
    this.cut = this.isEmpty ? undefined : blanks
  }

  /** A line ends here by a tag: an end of the text's own line adds none. */
  endLine(): void {
    this.atom({ op: 'break' }, '\n')
    this.cut = lineEnd
  }

  private beginLine(): void {
    if (this.cut === blanks) this.atom({ op: 'break' }, '\n')
  }

  text(given: string): void {
    const text = this.cut ? given.replace(this.cut, '') : given
    if (!text) return
    this.beginLine()
    this.cut = undefined
    this.seen += text.length
    if (this.nodes.length) this.nodes.push({ kind: 'text', text })
    else this.sink.text(text)
  }

  atom(op: InlineOp, alt: string): void {
    if (op.op === 'break') this.cut = undefined
    else if (op.op !== 'enter' && op.op !== 'leave') this.beginLine()
    this.seen += alt.length
    if (this.nodes.length) this.nodes.push({ kind: 'atom', op, alt })
    else this.marks.emit(op)
  }

  tag(type: Mark['type'], mark: Mark | undefined): void {
    const node: Tag = { kind: 'tag', type, mark }
    if (this.nodes.length) this.nodes.push(node)
    else this.marks.tag(node)
  }

  marked(mark: Mark, text: string): void {
    this.atom({ op: 'enter', mark }, '')
    this.text(text)
    this.atom({ op: 'leave' }, '')
  }

  delimiter(char: string, given: number, opens: boolean, closes: boolean): void {
    const size = closes ? given - this.closeLikely(char, given) : given
    if (!size) return
    this.beginLine()
    const delimiter: Delimiter = {
      kind: 'delimiter',
      char,
      size,
      seq: this.seq++,
      seen: this.seen,
      opens,
      closes,
      live: true,
      count: size,
      leaves: 0,
      enters: [],
    }
    this.seen += size
    this.nodes.push(delimiter)
    this.delimiters.push(delimiter)
    this.match()
  }

  openBracket(image: boolean, at: number): void {
    this.expire()
    this.beginLine()
    const bracket: Bracket = { kind: 'bracket', image, seq: this.seq++, seen: this.seen, at, live: true }
    this.seen += image ? 2 : 1
    this.nodes.push(bracket)
    this.brackets.push(bracket)
  }

  /** The innermost bracket's `]` makes no link. */
  dropBracket(): void {
    const bracket = this.brackets.pop()
    if (bracket) bracket.live = false
    this.text(']')
    this.match()
  }

  /** The innermost bracket becomes a link, or plain text where `mark` is undefined. */
  closeLink(mark: Mark | undefined): void {
    const bracket = this.brackets.pop()
    if (!bracket) return
    this.isolate(bracket)
    const at = this.nodes.lastIndexOf(bracket)
    if (mark) {
      bracket.mark = mark
      for (let inner = at + 1; inner < this.nodes.length; inner++) this.unlink(inner)
      this.nodes.push(leave)
    } else this.nodes.splice(at, 1)
    for (const other of this.brackets) if (!other.image) other.live = false
    this.match()
  }

  /** A citation or a footnote's mark inside of a link is text: the link leads where the text says. */
  private unlink(at: number): void {
    const node = this.nodes[at] as Node
    const { op } = node as Atom
    if (node.kind !== 'atom' || op.op !== 'enter' || op.mark.type !== 'link') return
    if (/^#(?:cite|note)-/.test(op.mark.href)) this.nodes.splice(at, 3, this.nodes[at + 1] as Node)
  }

  /** The innermost bracket becomes an image, or its alternative text where `src` is undefined. */
  closeImage(src: string | undefined, title: string): void {
    const bracket = this.brackets.pop()
    if (!bracket) return
    this.isolate(bracket)
    const inside = this.nodes.splice(this.nodes.lastIndexOf(bracket))
    const alt = inside.slice(1).map(altOf).join('')
    if (src === undefined) this.nodes.push({ kind: 'text', text: alt })
    else this.nodes.push({ kind: 'atom', op: { op: 'image', src, alt, title }, alt })
    this.match()
  }

  /** Makes text of what has held back more than its share, `more` undecided characters included, oldest first. */
  expire(more = 0): void {
    for (;;) {
      const delimiter = this.delimiters[0]
      const bracket = this.brackets[0]
      const first = delimiter && (!bracket || delimiter.seq < bracket.seq) ? delimiter : bracket
      if (!first || this.seen + more - first.seen <= this.span) return
      first.live = false
      if (first.kind === 'delimiter') this.delimiters.shift()
      else {
        this.brackets.shift()
        this.match()
      }
    }
  }

  /** Hands what is final to the sink. */
  flush(): void {
    let done = 0
    for (; done < this.nodes.length; done++) {
      const node = this.nodes[done] as Node
      if (node.kind === 'text') this.sink.text(node.text)
      else if (node.kind === 'atom') this.marks.emit(node.op)
      else if (node.kind === 'tag') this.marks.tag(node)
      else if (node.live && (node.kind === 'bracket' || node.opens)) break
      else if (node.kind === 'delimiter') this.marks.write(node)
      else if (node.mark) this.marks.enter(node.mark)
      else this.sink.text(altOf(node))
    }
    if (done) this.nodes = done === this.nodes.length ? [] : this.nodes.slice(done)
  }

  /** Shows what waits: two signs in a row begin a mark, which what closes it or the leaf ends; the rest is text. */
  settle(): void {
    for (const bracket of this.brackets) bracket.live = false
    this.brackets = []
    this.match()
    for (const delimiter of this.delimiters) {
      const { char, opens, count } = delimiter
      delimiter.live = false
      if (!opens || count !== 2) continue
      delimiter.count = 0
      delimiter.enters.push({ type: char === '~' ? 'del' : 'strong' })
      this.likely.push(char)
    }
    this.delimiters = []
    this.flush()
  }

  /** How many of `size` signs end a mark that was shown before its end came. */
  private closeLikely(char: string, size: number): number {
    const isOpened = this.delimiters.some((one) => one.char === char && one.opens && one.count > 1)
    if (size < 2 || isOpened || this.likely[this.likely.length - 1] !== char) return 0
    this.likely.pop()
    this.atom(leave.op, '')
    return 2
  }

  /** No more can match: everything open is text. */
  finish(): void {
    if (this.brackets.length) {
      for (const bracket of this.brackets) bracket.live = false
      this.brackets = []
    }
    this.match()
    if (this.delimiters.length) {
      for (const delimiter of this.delimiters) delimiter.live = false
      this.delimiters = []
    }
    this.flush()
  }

  /** The leaf ends: so do marks whose closing tag did not come. */
  close(): void {
    this.finish()
    if (this.likely.length) this.likely.length = 0
    this.begun = this.seen
    this.cut = undefined
    this.marks.close()
  }

  private match(): void {
    if (this.brackets.length && this.brackets.some((bracket) => bracket.live)) return
    if (this.untried < this.seq) matchEmphasis(this.delimiters, this.untried, -1)
    this.untried = this.seq
  }

  /** Emphasis inside a link or image is decided on its own, before what surrounds it. */
  private isolate(bracket: Bracket): void {
    bracket.live = false
    matchEmphasis(this.delimiters, bracket.seq, bracket.seq)
    const inner = this.delimiters.filter((delimiter) => delimiter.seq > bracket.seq)
    for (const delimiter of inner) delimiter.live = false
    this.delimiters.length -= inner.length
  }
}
