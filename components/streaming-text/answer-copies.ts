import { copiedHtml } from './copied-html'
import { copiedText } from './copied-text'
import { makeHeld } from './held-chunk'
import { SelectedRange } from './selected-range'

/** Of each page, how many answers it shows. */
const pages = new WeakMap<Document, number>()

/**
 * On H5, and in the view of App: what a reader copies of answers is what they say, without words of the component's own, and
 * as HTML beside the text. For the page as a whole, since a selection may begin outside of an answer.
 * @returns the undo
 */
export function watchCopies(page: Document): () => void {
  const before = pages.get(page) ?? 0
  pages.set(page, before + 1)
  // Paper has no other time to make what is far from the screen.
  const print = () => makeHeld(page)
  page.defaultView?.addEventListener('beforeprint', print)
  if (!before) page.addEventListener('copy', copy)
  return () => {
    page.defaultView?.removeEventListener('beforeprint', print)
    const left = (pages.get(page) ?? 1) - 1
    pages.set(page, left)
    if (!left) page.removeEventListener('copy', copy)
  }
}

function copy(event: ClipboardEvent): void {
  const page = event.currentTarget as Document
  const selection = page.getSelection()
  if (event.defaultPrevented || !event.clipboardData || !selection?.rangeCount || selection.isCollapsed)
    return
  // What is selected in a field is the field's.
  if ((event.target as Element | null)?.closest?.('input, textarea, [contenteditable]')) return
  const held = selection.getRangeAt(0)
  makeHeld(page, (chunk) => held.intersectsNode(chunk))
  const range = selection.getRangeAt(0)
  if (!Array.from(page.querySelectorAll('.st-host')).some((host) => range.intersectsNode(host))) return
  const selected = new SelectedRange(range)
  event.clipboardData.setData('text/plain', copiedText(selected))
  event.clipboardData.setData('text/html', copiedHtml(selected))
  event.preventDefault()
}
