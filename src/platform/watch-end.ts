/** Nearer than this to the end, in px, counts as being there. */
const NEAR_PX = 48
/** What grows this soon after a click or key inside, in milliseconds, was opened by the reader. */
const OPENED_MS = 300

/**
 * Calls `onLost` when the `scroll-view` in `component` that matches showed its end, and no longer does because what is
 * in it grew or the view itself got lower: an image or font that arrives, a keyboard. Not for what the reader opens by
 * a click or key inside.
 *
 * On H5 only: elsewhere scripts see no sizes change.
 * @returns the undo, or `undefined` where there is nothing to watch
 */
export function watchEnd(
  selector: string,
  component: { readonly $el?: unknown } | null | undefined,
  onLost: () => void,
): (() => void) | undefined {
  const root = component?.$el
  if (typeof ResizeObserver === 'undefined' || !(root instanceof Element)) return undefined
  const view = root.matches(selector) ? root : root.querySelector(selector)
  // What scrolls is an element inside of uni-app's own.
  const content = view?.querySelector('.uni-scroll-view-content')
  const scroller = content?.parentElement
  if (!content || !scroller) return undefined

  // Before anything is in it, any view shows its end: what is there from the start counts as grown.
  let height = 0
  let visible = scroller.clientHeight
  let openedAt = Number.NEGATIVE_INFINITY
  const open = () => (openedAt = Date.now())
  const check = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller
    const wasAtEnd = scrollTop + visible > height - NEAR_PX
    const isLost = scrollHeight > height || clientHeight < visible
    height = scrollHeight
    visible = clientHeight
    if (wasAtEnd && isLost && Date.now() - openedAt > OPENED_MS) onLost()
  }
  const sizes = new ResizeObserver(check)
  sizes.observe(scroller)
  // uni-app gives the content the height of the view, so its children tell.
  for (const child of content.children) sizes.observe(child)
  const children = new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      for (const node of addedNodes) if (node instanceof Element) sizes.observe(node)
      for (const node of removedNodes) if (node instanceof Element) sizes.unobserve(node)
    }
  })
  children.observe(content, { childList: true })
  const presses = ['click', 'keydown']
  for (const type of presses) scroller.addEventListener(type, open, true)
  return () => {
    sizes.disconnect()
    children.disconnect()
    for (const type of presses) scroller.removeEventListener(type, open, true)
  }
}
