/** What copying leaves out: words of the component's own, such as a button's. */
const LABELS =
  '.st-pre__head, .st-numbers, .st-back, .st-table__tools, .st-reasoning, .streaming-text__said, .streaming-text__waiting, .streaming-text__note, .streaming-text__actions, style, script, template'

const isElement = (node: Node): node is Element => node.nodeType === 1
const isText = (node: Node): node is Text => node.nodeType === 3

/** What a reader has selected, node by node. */
export class SelectedRange {
  private readonly range: Range
  /** Where copying begins: around a list, table or formula that holds the range. */
  readonly root: Node

  constructor(range: Range) {
    this.range = range.cloneRange()
    // None is copied in part.
    const first = formulaAround(range.startContainer)
    const last = formulaAround(range.endContainer)
    if (first) this.range.setStartBefore(first)
    if (last) this.range.setEndAfter(last)
    pullEnd(this.range)
    const common = this.range.commonAncestorContainer
    const outer = isElement(common) ? common.closest('.st-list, .st-table, tr') : null
    this.root = outer && common !== outer && !/^(?:LI|TD|TH)$/.test(common.nodeName) ? outer : common
  }

  /** The selected children of a node, without those that are not to be copied. */
  children(node: Node): Node[] {
    return Array.from(node.childNodes).filter((child) => this.has(child) && !isLeftOut(child))
  }

  has(node: Node): boolean {
    return this.range.intersectsNode(node)
  }

  /** The selected part of a text. */
  textOf(text: Text): string {
    const { startContainer, startOffset, endContainer, endOffset } = this.range
    return text.data.slice(
      startContainer === text ? startOffset : 0,
      endContainer === text ? endOffset : undefined,
    )
  }

  /** Whether an item is selected from its beginning, and is not all there is. */
  hasMarker(item: Element): boolean {
    if (item.contains(this.root)) return false
    if (!item.contains(this.range.startContainer)) return true
    const before = item.ownerDocument.createRange()
    before.setStart(item, 0)
    before.setEnd(this.range.startContainer, this.range.startOffset)
    return before.toString() === ''
  }
}

/** A triple click ends at the start of what follows: moves that back to the end of what is selected. */
function pullEnd(range: Range): void {
  for (;;) {
    const { endContainer, endOffset, commonAncestorContainer } = range
    if (isText(endContainer) && endOffset) return
    if (endOffset) {
      const last = endContainer.childNodes[endOffset - 1]
      if (!last || !(isText(last) || last.hasChildNodes())) return
      range.setEnd(last, isText(last) ? last.length : last.childNodes.length)
    } else if (endContainer === commonAncestorContainer) return
    else range.setEndBefore(endContainer)
  }
}

function isLeftOut(node: Node): boolean {
  if (isText(node)) {
    const parent = node.parentElement
    if (!parent || parent.closest('.st-host')) return false
    return !node.data.trim() || getComputedStyle(parent).userSelect === 'none'
  }
  if (!isElement(node) || node.matches(LABELS)) return true
  if (node.closest('.st-host') && !node.matches('.st-host, details *')) return false
  const { display, visibility } = getComputedStyle(node)
  return display === 'none' || visibility === 'hidden'
}

function formulaAround(node: Node): Element | null | undefined {
  return (isElement(node) ? node : node.parentElement)?.closest('.st-formula')
}

/** Of a formula as a model writes it, when all of it is selected; else `undefined`. */
export function formulaSource(element: Element): string | undefined {
  if (!element.matches('.st-formula, .st-math')) return undefined
  const source = element.getAttribute('aria-label') ?? element.textContent
  const mark = element.matches('.st-formula--block, .st-math--block') ? '$$' : '$'
  return `${mark}${source}${mark}`
}

/** An item's number with its dot, its box, or a dash. */
export function markerOf(item: Element): string {
  const box = item.querySelector<HTMLInputElement>(':scope > .st-text > .st-task')
  if (box) return box.checked ? '☑' : '☐'
  const number = item.getAttribute('value')
  return number === null ? '-' : `${number}.`
}
