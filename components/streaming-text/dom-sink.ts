import { createElement } from './dom-container'
import { addressLink } from './dom-link'
import { DomWriter, framesOf, type DomOp } from './dom-writer'
import { canHold, HeldChunk } from './held-chunk'
import type { Sink } from './section'

/** Blocks stand in groups that the browser may leave out of layout and paint while they are out of sight. */
const BLOCKS_A_CHUNK = 12

/** So many characters of a text that is there at once are made in any case: some screens of a desktop. */
const CHARS_AT_ONCE = 20_000

/** In pixels, of an answer that is not laid out. */
const USUAL_WIDTH = 720

/**
 * Operations as plain elements, on H5 and in the view of App, in chunks. Of a text that is there at once, chunks far
 * from the screen are held until they come near.
 */
export class DomSink implements Sink {
  /** Made with the first element that shows it, and kept when that goes. */
  private root: HTMLElement | undefined
  private writer: DomWriter | undefined
  private waiting: DomOp[] = []
  private chunk: HTMLElement | undefined
  /** The open chunk, if it is held. */
  private held: HeldChunk | undefined
  private blocks = 0
  private chars = 0
  /** Of the outermost container that the last block is in. */
  private frame: number | undefined
  /** Chunks are filled before the page has them: much text that comes at once is put into it once. */
  private readonly made: HTMLElement[] = []
  private width: number | undefined
  private cursor = false
  /** The line that shows the cursor. */
  private marked: HTMLElement | undefined

  constructor(
    private readonly copyLabel: () => string,
    /** The address of the source that a citation names, once it is known. */
    private readonly sourceUrl: (href: string) => string | undefined = () => undefined,
    /** Adds to a block that is not in the document yet. */
    private readonly decorate: (outer: HTMLElement) => void = () => undefined,
    /** No more is being written: what comes is there at once. */
    private readonly isWhole: () => boolean = () => false,
  ) {}

  /** Shows everything in `host`, from now on as it comes. */
  mount(host: HTMLElement): void {
    this.root ??= host.ownerDocument.createElement('div')
    this.writer ??= this.newWriter(this.root)
    host.appendChild(this.root)
    const ops = this.waiting
    this.waiting = []
    this.write(ops)
  }

  write(ops: readonly DomOp[]): void {
    const { root, writer } = this
    if (root && writer) {
      const mayHold = canHold() && this.isWhole()
      if (this.held && !mayHold && ops.length) this.letGo(writer)
      for (const op of ops) this.apply(op, root, writer, mayHold)
      this.held?.show()
      this.attach(root)
    } else for (const op of ops) this.waiting.push(op)
    this.placeCursor()
  }

  setCursor(visible: boolean): void {
    this.cursor = visible
    this.placeCursor()
  }

  /** Sources came: citations of them become links. */
  linkSources(): void {
    for (const link of this.root?.querySelectorAll<HTMLElement>('.st-link[role=link]') ?? [])
      addressLink(link, link.dataset['to'] ?? '', this.sourceUrl)
  }

  private apply(op: DomOp, root: HTMLElement, writer: DomWriter, mayHold: boolean): void {
    if (op.op === 'cursor') {
      this.cursor = op.visible
      return
    }
    if (op.op === 'block') {
      const [frame] = framesOf(op)
      if (!frame || frame.key !== this.frame) this.next(root, mayHold)
      this.frame = frame?.key
    }
    if (op.op === 'text') this.chars += op.text.length
    if (!this.chunk) return
    if (!this.held) writer.write(op, this.chunk)
    else if (this.held.isFull) {
      this.letGo(writer)
      writer.write(op, this.chunk)
    } else this.held.add(op)
  }

  /** Where the next block outside of all containers goes. */
  private next(root: HTMLElement, mayHold: boolean): void {
    if (!this.chunk || this.blocks >= BLOCKS_A_CHUNK) {
      this.held?.show()
      this.chunk = createElement(root.ownerDocument, 'div', 'st-chunk')
      this.made.push(this.chunk)
      this.blocks = 0
      const holds = mayHold && this.chars > CHARS_AT_ONCE
      this.held = holds
        ? new HeldChunk(this.chunk, this.widthOf(root), () => this.newWriter(root))
        : undefined
    }
    this.blocks++
  }

  /** What is held and goes on growing is made now. */
  private letGo(writer: DomWriter): void {
    const { held } = this
    this.held = undefined
    held?.make(writer)
  }

  /** Asked once, as the answer lays out the page. */
  private widthOf(root: HTMLElement): number {
    return (this.width ??= root.clientWidth || USUAL_WIDTH)
  }

  private attach(root: HTMLElement): void {
    for (const chunk of this.made) root.appendChild(chunk)
    this.made.length = 0
  }

  /** Once for all operations of a flush: a table's row alone passes it through many cells. */
  private placeCursor(): void {
    const line = this.cursor ? this.writer?.line : undefined
    if (line === this.marked) return
    this.marked?.classList.remove('st-live')
    line?.classList.add('st-live')
    this.marked = line
  }

  private newWriter(root: HTMLElement): DomWriter {
    const { copyLabel, sourceUrl, decorate } = this
    const attach = () => this.attach(root)
    return new DomWriter({ document: root.ownerDocument, copyLabel, sourceUrl, decorate, attach })
  }
}
