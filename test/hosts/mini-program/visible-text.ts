const INLINE = new Set('TEXT SPAN A B STRONG I EM CODE DEL S SUB SUP LABEL'.split(' '))

/** The text of an element as a reader sees its lines: block elements end a line, inline ones do not. */
export function visibleText(element: Element): string {
  const walk = (node: Node): string => {
    if (node.nodeType === 3) return node.textContent ?? ''
    const inner = Array.from(node.childNodes, walk).join('')
    return INLINE.has((node as Element).tagName) ? inner : `\n${inner}\n`
  }
  return walk(element)
    .replace(/\n\s*\n/g, '\n')
    .trim()
}
