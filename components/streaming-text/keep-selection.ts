/**
 * Changes what is in an element. A selection that begins or ends in there, such as one of the whole page, reaches to the
 * element's beginning or end then, in the place of collapsing.
 */
export function keepSelection(element: Element, change: () => void): void {
  const selection = element.ownerDocument.getSelection()
  const { anchorNode, focusNode } = selection ?? {}
  const hasAnchor = !!anchorNode && element.contains(anchorNode)
  const hasFocus = !!focusNode && element.contains(focusNode)
  if (!selection?.rangeCount || selection.isCollapsed || (!hasAnchor && !hasFocus)) return change()
  const { anchorOffset, focusOffset } = selection
  const { startContainer, startOffset } = selection.getRangeAt(0)
  const isForward = startContainer === anchorNode && startOffset === anchorOffset
  change()
  const end = element.childNodes.length
  selection.setBaseAndExtent(
    hasAnchor ? element : (anchorNode as Node),
    hasAnchor ? (isForward ? 0 : end) : anchorOffset,
    hasFocus ? element : (focusNode as Node),
    hasFocus ? (isForward ? end : 0) : focusOffset,
  )
}
