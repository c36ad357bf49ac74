/** On H5: a copied formula is its source between dollars, and none is copied in part. */
export function copyFormulas(event: ClipboardEvent): void {
  const { ownerDocument: page } = event.currentTarget as Element
  const selection = page.getSelection()
  if (!event.clipboardData || !selection || !selection.rangeCount || selection.isCollapsed) return
  const range = selection.getRangeAt(0).cloneRange()
  const first = formulaAround(range.startContainer)
  const last = formulaAround(range.endContainer)
  if (first) range.setStartBefore(first)
  if (last) range.setEndAfter(last)

  const copy = page.createElement('div')
  copy.appendChild(range.cloneContents())
  const formulas = copy.querySelectorAll('.st-formula')
  if (!formulas.length) return
  for (const formula of formulas) {
    const mark = formula.classList.contains('st-formula--block') ? '$$' : '$'
    formula.textContent = mark + (formula.getAttribute('aria-label') ?? '') + mark
  }
  // Only text that is laid out has line breaks between its blocks.
  copy.style.cssText = 'position:fixed;left:-9999px;width:9999px'
  for (const chunk of copy.querySelectorAll<HTMLElement>('.st-chunk'))
    chunk.style.contentVisibility = 'visible'
  page.body.appendChild(copy)
  event.clipboardData.setData('text/plain', copy.innerText)
  copy.remove()
  event.preventDefault()
}

function formulaAround(node: Node): Element | undefined {
  const element = node.nodeType === 1 ? (node as Element) : node.parentElement
  return element?.closest('.st-formula') ?? undefined
}
