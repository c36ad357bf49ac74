import type { FlatOp, LeafContent } from 'uni-sse-channel/markdown'
import { shallowRef } from 'vue'
import type { ViewOp } from 'uni-sse-channel'
import { codeLanguage } from './code-language'
import { Section, type CodeText, type OwnSlot } from './section'

type BlockOp = Extract<FlatOp, { op: 'block' }>

/**
 * Parts a stream of operations into sections: reasoning by itself, and each code block where the app shows
 * code with its own slot. Views render again only when a section opens.
 */
export class SectionList {
  readonly sections = shallowRef<readonly Section[]>([])
  /** Every code block, by its key: what a copy button copies. */
  readonly codes = new Map<number, CodeText>()
  /** What footnotes say, by their labels. */
  readonly notes = new Map<string, string>()
  /** Addresses of every image, in their order. */
  readonly images: string[] = []
  private current: Section | undefined
  /** Of the reasoning that is open, by `<think>` in the text. */
  private reasoningKey = -1
  private code: CodeText | undefined
  private footnote: string | undefined

  /**
   * @param kind what text is that does not say so itself
   * @param ownSlot the slot in which the app shows a block itself: such a block gets a section of its own
   */
  constructor(
    private readonly kind: 'answer' | 'reasoning',
    private readonly ownSlot: (block: LeafContent) => OwnSlot | undefined,
    /** Adds colours to code, and typesets formulas. */
    private readonly dress: (ops: readonly FlatOp[]) => readonly ViewOp[] = (ops) => ops,
  ) {}

  apply(given: readonly FlatOp[]): void {
    const ops = this.dress(given)
    let passed = 0
    ops.forEach((op, at) => {
      if (op.op === 'block') {
        const section = this.sectionOf(op)
        if (section !== this.current) {
          this.pass(ops.slice(passed, at))
          passed = at
          this.enter(section)
        }
      }
      this.note(op)
    })
    this.pass(ops.slice(passed))
  }

  /** Nothing follows. */
  close(): void {
    for (const section of this.sections.value) section.close()
  }

  private pass(ops: readonly ViewOp[]): void {
    if (!this.current || !ops.length) return
    this.current.write(ops)
    if (this.current.kind === 'code' && this.code) this.current.code.value = { ...this.code }
  }

  private enter(section: Section): void {
    if (this.current) this.current.close()
    this.current = section
    this.sections.value = [...this.sections.value, section]
  }

  private note(op: ViewOp): void {
    if (op.op === 'block') {
      const { block, key, path } = op
      this.footnote = path.find(({ note }) => note)?.note
      const isCode = block.type === 'code'
      const language = isCode ? codeLanguage(block.info) : ''
      const isText = isCode || block.type === 'math' || block.type === 'table'
      this.code = isText ? { language, text: '', rows: [], done: false } : undefined
      if (this.code && isCode) this.codes.set(key, this.code)
    } else if (op.op === 'run' && op.look.src) this.images.push(op.look.src)
    else if (op.op === 'text') this.add(op.text)
    else if (op.op === 'row') this.code?.rows.push([])
    else if (op.op === 'cell') this.code?.rows[this.code.rows.length - 1]?.push('')
    else if (op.op === 'done' && this.code) this.code.done = true
    else if (op.op === 'shut' && op.key === this.reasoningKey && this.current) this.current.close()
  }

  private add(text: string): void {
    const { code, footnote } = this
    if (footnote) this.notes.set(footnote, (this.notes.get(footnote) ?? '') + text)
    const row = code?.rows[code.rows.length - 1]
    if (row) row[row.length - 1] += text
    else if (code) code.text += text
  }

  private sectionOf({ block, path }: BlockOp): Section {
    const reasoning = path[0]?.type === 'reasoning' ? path[0].key : -1
    const kind = reasoning >= 0 ? 'reasoning' : this.kind
    const isSame = this.current?.kind === kind && this.reasoningKey === reasoning
    this.reasoningKey = reasoning
    const slot = kind === 'answer' ? this.ownSlot(block) : undefined
    if (slot) return new Section('code', slot)
    return isSame && this.current ? this.current : new Section(kind)
  }
}
