import { Lines } from './lines'
import { formulaSource, markerOf, type SelectedRange } from './selected-range'

/** How an element of a page stands apart from what is around it. */
const BLOCK = /^(?:block|flex|grid|list-item|table|flow-root)/

/** What is selected as plain text: as it is seen, cells by tabs, formulas as their source, code exact. */
export function copiedText(range: SelectedRange, root: Node = range.root): string {
  const lines = new Lines()

  function children(node: Node, depth: number): void {
    for (const child of range.children(node)) visit(child, depth)
  }

  /** @param depth how many items are around it */
  function visit(node: Node, depth: number): void {
    if (node.nodeType === 3) return text(node as Text)
    if (node.nodeType !== 1) return children(node, depth)
    const element = node as Element
    const source = formulaSource(element)
    if (source !== undefined) {
      const lineEnds = element.matches('.st-formula--block, .st-math--block') ? 1 : 0
      lines.gap(lineEnds)
      lines.text(source)
      return lines.gap(lineEnds)
    }
    switch (element.nodeName) {
      case 'BR':
        return lines.text('\n')
      case 'IMG':
        return lines.text((element as HTMLImageElement).alt)
      case 'LI':
        lines.gap(1)
        if (range.hasMarker(element)) lines.mark(`${'  '.repeat(depth)}${markerOf(element)} `)
        children(element, depth + 1)
        lines.endMark()
        return lines.gap(1)
      case 'TR':
        lines.gap(1)
        lines.text(range.children(element).map(cellText).join('\t'))
        return lines.gap(1)
      default: {
        const lineEnds = apart(element, depth)
        lines.gap(lineEnds)
        children(element, depth)
        lines.gap(lineEnds)
      }
    }
  }

  const cellText = (cell: Node) =>
    range
      .children(cell)
      .map((node) => copiedText(range, node))
      .join('')
      .replace(/\s*\n\s*/g, ' ')

  function text(node: Text): void {
    const selected = range.textOf(node)
    // White space of a page's own template is not what is seen.
    lines.text(node.parentElement?.closest('.st-host') ? selected : selected.replace(/\s+/g, ' '))
  }

  visit(root, 0)
  return lines.out
}

/** How many line ends stand around an element. */
function apart(element: Element, depth: number): number {
  if (element.matches('.streaming-text')) return 2
  if (!element.closest('.st-host')) return BLOCK.test(getComputedStyle(element).display) ? 1 : 0
  if (
    /^(?:P|H\d|UL|OL|BLOCKQUOTE|HR|DETAILS|SUMMARY)$/.test(element.nodeName) ||
    element.matches('.st-pre, div.st-scroll')
  )
    return depth ? 1 : 2
  return 0
}
