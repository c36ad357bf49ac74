/**
 * Gives the fields of a page on H5 their names. uni-app leaves `aria-label` on the element around a field, where
 * screen readers don't look for it; and the bar over the page its role.
 */
export function nameFields(root: HTMLElement): void {
  const name = () => {
    for (const outer of root.querySelectorAll('uni-textarea[aria-label], uni-input[aria-label]')) {
      const label = outer.getAttribute('aria-label') ?? ''
      const field = outer.querySelector('textarea, input')
      if (field && field.getAttribute('aria-label') !== label) field.setAttribute('aria-label', label)
    }
    // The bar over a page is no landmark otherwise.
    for (const head of root.querySelectorAll('uni-page-head:not([role])')) head.setAttribute('role', 'banner')
  }
  new MutationObserver(name).observe(root, { childList: true, subtree: true })
  name()
}
