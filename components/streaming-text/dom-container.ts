import type { Enclosure } from 'uni-sse-channel/markdown'

export function createElement(document: Document, tag: string, className = ''): HTMLElement {
  const element = document.createElement(tag)
  if (className) element.className = className
  return element
}

/** The element begins at the side where its first words do. */
export function ownDirection(element: HTMLElement): HTMLElement {
  element.dir = 'auto'
  return element
}

/** The element of a container; `inner` is the one inside of it. */
export function createContainer(
  document: Document,
  { type, number, note }: Enclosure,
  inner: Enclosure | undefined,
): HTMLElement {
  if (type === 'quote') return ownDirection(createElement(document, 'blockquote', 'st-quote'))
  if (type === 'details') {
    const details = ownDirection(createElement(document, 'details', 'st-details'))
    details.setAttribute('open', '')
    return details
  }
  if (type === 'item') {
    const item = ownDirection(createElement(document, 'li', 'st-item'))
    if (note) {
      item.dataset['note'] = note
      item.tabIndex = -1
    }
    if (number === undefined) return item
    const digits = String(number)
    item.setAttribute('value', digits)
    if (digits.length > 2) item.style.marginInlineStart = `calc(${digits.length}ch + 0.75em)`
    return item
  }
  return createElement(document, inner?.number === undefined ? 'ul' : 'ol', 'st-list')
}
