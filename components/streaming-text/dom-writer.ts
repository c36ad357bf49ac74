import type { Enclosure, FlatOp, RunLook, runStyle } from 'uni-sse-channel/markdown'
import { createBlock, type BlockNodes } from './dom-block'
import { colourLine, DomCode } from './dom-code'
import { createContainer, createElement, ownDirection } from './dom-container'
import { showFormula, type DomFormulaOp } from './dom-formula'
import { addressLink, createBackLink } from './dom-link'
import type { ViewOp } from 'uni-sse-channel'
import { keepSize } from './image-sizes'

/** On App the cursor comes as an operation too. */
export type DomOp =
  Exclude<ViewOp, { op: 'formula' }> | DomFormulaOp | { readonly op: 'cursor'; readonly visible: boolean }

/** As a value it would be imported by the view of App, for which nothing knows the package's name. */
const marks: typeof runStyle = { em: 1, strong: 2, del: 4, sub: 32, sup: 64, mark: 128, kbd: 256 }

interface Open {
  readonly key: number
  readonly node: HTMLElement
}

/** The first letter of a text that has a direction: from right to left, or from left to right. */
const STRONG = new RegExp(
  '([\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc])|[a-z\\u00aa-\\u02ff\\u0370-\\u058f\\u0904-\\u1fff\\u2c00-\\ud7ff\\uf900-\\ufb1c]',
  'i',
)

/** A table goes on in another of the same columns, as one is laid out as a whole at every row. */
const ROWS_A_PART = 40

export interface DomWriterOptions {
  readonly document: Document
  readonly copyLabel: () => string
  /** The address of the source that a citation names, once it is known. */
  readonly sourceUrl: (href: string) => string | undefined
  /** Adds to a block that is not in the document yet. */
  readonly decorate: (outer: HTMLElement) => void
  /** Puts what is written so far into the document, where it can be measured. */
  readonly attach: () => void
}

/**
 * Operations as plain elements. They are only ever appended, and text is appended to the text node of its run. No HTML is
 * parsed: there are elements, attributes from this file, and text nodes.
 */
export class DomWriter {
  /** Where runs go. */
  line: HTMLElement | undefined
  private containers: Open[] = []
  private block: BlockNodes | undefined
  private row: HTMLElement | undefined
  private rows = 0
  /** The open run's text node. */
  private text: Text | undefined
  private image: HTMLImageElement | undefined
  private code: DomCode | undefined
  private isDirected = true

  constructor(private readonly options: DomWriterOptions) {}

  /** @param top where a block goes that is in no container, or begins one */
  write(op: DomOp, top: HTMLElement): void {
    switch (op.op) {
      case 'block':
        this.open(op, top)
        break
      case 'row':
        if (!this.block) return
        if (this.rows++ % ROWS_A_PART === ROWS_A_PART - 1) {
          // Its columns are measured.
          this.options.attach()
          this.block.nextPart()
        }
        this.row = this.element('tr')
        this.block.rows(op.header).appendChild(this.row)
        break
      case 'cell': {
        if (!this.row || !this.block) return
        const cell = ownDirection(this.element(this.block.isHead ? 'th' : 'td', 'st-cell'))
        if (op.align !== 'none') cell.style.textAlign = op.align
        this.enter(this.row.appendChild(cell))
        break
      }
      case 'run':
        this.run(op.look)
        if (op.failed) this.text?.parentElement?.classList.add('st-math--failed')
        break
      case 'formula':
        this.run(op.look)
        if (this.text?.parentElement) showFormula(this.text.parentElement, op)
        this.text = undefined
        break
      case 'text':
        this.append(op.text)
        break
      case 'colour':
        if (this.text) this.text = colourLine(this.text, op.colours)
        break
    }
  }

  private open(op: Extract<FlatOp, { op: 'block' }>, top: HTMLElement): void {
    const { document, copyLabel, decorate } = this.options
    const path = framesOf(op)
    let depth = 0
    while (depth < this.containers.length && this.containers[depth]?.key === path[depth]?.key) depth++
    this.containers.length = depth
    const parent = () => this.containers[this.containers.length - 1]?.node ?? top
    let first: HTMLElement | undefined
    path.slice(depth).forEach((one, at) => {
      const node = parent().appendChild(createContainer(document, one, path[depth + at + 1]))
      first ??= node
      this.containers.push({ key: one.key, node })
    })
    this.row = undefined
    this.rows = 0
    this.block = createBlock(document, op, copyLabel())
    decorate(this.block.outer)
    this.code = this.block.kind === 'code' ? new DomCode(this.block.outer) : undefined
    const isSummary = op.block.type === 'paragraph' && op.block.summary
    const holder = isSummary ? parent().appendChild(this.element('summary')) : parent()
    const outer = holder.appendChild(this.block.outer)
    const item = path[path.length - 1]
    if (item?.note && first && outer.nodeName === 'P') outer.appendChild(createBackLink(document, item.note))
    const isTask = op.block.type === 'paragraph' && op.block.checked !== undefined
    if (isTask) outer.parentElement?.classList.add('st-item--task')
    // Inside of an item or quote, its direction is that of all of it.
    if (outer.parentElement === top && /^[PH]\d?$/.test(outer.nodeName)) ownDirection(outer)
    this.isDirected = op.block.type !== 'table'
    if (op.gap) (first ?? outer).classList.add('st-gap')
    this.enter(this.block.line)
  }

  private enter(line: HTMLElement): void {
    this.line = line
    this.text = undefined
    this.image = undefined
  }

  private run(look: RunLook): void {
    this.text = undefined
    this.image = undefined
    if (!this.line) return
    let parent = this.line
    const wrap = (tag: string, className: string) => {
      parent = parent.appendChild(this.element(tag, className))
      return parent
    }
    if (look.link) {
      const link = wrap('a', 'st-link')
      addressLink(link, look.link.href, this.options.sourceUrl)
      if (look.link.title) link.title = look.link.title
    }
    if (look.style & marks.strong) wrap('strong', 'st-strong')
    if (look.style & marks.em) wrap('em', 'st-em')
    if (look.style & marks.del) wrap('del', 'st-del')
    if (look.style & marks.sub) wrap('sub', '')
    if (look.style & marks.sup) wrap('sup', '')
    if (look.style & marks.mark) wrap('mark', '')
    if (look.style & marks.kbd) wrap('kbd', 'st-code')
    if (look.kind === 'code') wrap('code', 'st-code')
    else if (look.kind === 'math') wrap('span', look.display ? 'st-math st-math--block' : 'st-math')
    else if (look.kind === 'break') parent.appendChild(this.element('br'))
    else if (look.kind === 'image') {
      this.image = wrap('img', 'st-image') as HTMLImageElement
      this.image.alt = ''
      this.image.loading = 'lazy'
      this.image.referrerPolicy = 'no-referrer'
      if (look.title) this.image.title = look.title
      const src = look.src ?? ''
      keepSize(this.image, src)
      // What looks larger at a tap is reached by the keyboard, too.
      if (!look.link) this.image.tabIndex = 0
      this.image.setAttribute('src', src)
    }
    if (look.kind !== 'image') this.text = parent.appendChild(parent.ownerDocument.createTextNode(''))
  }

  private append(text: string): void {
    if (this.image) this.image.alt += text
    if (this.image || !this.text) return
    if (!this.isDirected) this.directTable(text)
    if (this.code && this.line) this.text = this.code.append(this.text, this.line, text)
    else this.text.appendData(text)
  }

  /** A table's columns follow the direction of its first words; `auto` does not look into cells that have it, too. */
  private directTable(text: string): void {
    const first = STRONG.exec(text)
    if (!first || !this.block) return
    this.isDirected = true
    if (first[1]) this.block.outer.dir = 'rtl'
  }

  private element(tag: string, className = ''): HTMLElement {
    return createElement(this.options.document, tag, className)
  }
}

/** What is around a block, outermost first. Reasoning is a section; here it adds nothing. */
export function framesOf({ path }: Extract<FlatOp, { op: 'block' }>): readonly Enclosure[] {
  return path[0]?.type === 'reasoning' ? path.slice(1) : path
}
