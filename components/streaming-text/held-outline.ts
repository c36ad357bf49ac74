import { createElement } from './dom-container'
import type { DomOp } from './dom-writer'

/** In pixels: of a line, of a letter, of what else a block takes. Chinese characters count as two letters. */
const LINE = 27
const LETTER = 8
const ROW = 40
const CODE_LINE = 21
const GAP = 14

/** What a chunk says, as text and headings, and about how high it will be. */
export class HeldOutline {
  private text = ''
  private heading: HTMLElement | undefined
  private height = 0
  private letters = 0
  private kind = 'paragraph'
  private readonly perLine: number

  constructor(
    private readonly chunk: HTMLElement,
    /** In pixels. */
    width: number,
  ) {
    this.perLine = Math.max(20, width / LETTER)
  }

  add(op: DomOp): void {
    if (op.op === 'block') {
      this.endBlock()
      const { block } = op
      this.kind = block.type
      this.height += block.type === 'code' ? 3 * CODE_LINE : op.gap ? GAP : 2
      if (block.type === 'heading') {
        this.show()
        this.heading = createElement(this.chunk.ownerDocument, `h${block.level}`)
      }
    } else if (op.op === 'row') {
      this.text += '\n'
      this.height += ROW
    } else if (op.op === 'cell') this.text += ' '
    else if (op.op === 'formula') this.text += op.source
    else if (op.op === 'text') {
      this.text += op.text
      this.measure(op.text)
    }
  }

  /** Puts what came into the chunk. */
  show(): void {
    const { chunk, heading, text } = this
    if (heading) chunk.appendChild(heading).appendChild(chunk.ownerDocument.createTextNode(text))
    else if (text) chunk.appendChild(chunk.ownerDocument.createTextNode(text))
    this.text = ''
    const height = Math.round(this.height + this.open())
    chunk.style.setProperty('contain-intrinsic-size', `auto 400px auto ${height}px`)
  }

  private measure(text: string): void {
    if (this.kind === 'table') return
    if (this.kind === 'code') this.height += CODE_LINE * (text.split('\n').length - 1)
    else for (let at = 0; at < text.length; at++) this.letters += text.charCodeAt(at) < 0x2000 ? 1 : 2
  }

  /** Of the block that is open, as far as it came. */
  private open(): number {
    return this.kind === 'table' || this.kind === 'code' ? 0 : Math.ceil(this.letters / this.perLine) * LINE
  }

  private endBlock(): void {
    if (this.heading) {
      this.show()
      this.heading = undefined
    }
    this.height += this.open()
    this.letters = 0
    this.text += '\n'
  }
}
