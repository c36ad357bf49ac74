/**
 * Gives a link its address. Links inside of the answer have none of their own, as one with `#` would leave the page; a
 * citation gets its source's once that is known.
 */
export function addressLink(
  link: HTMLElement,
  href: string,
  sourceUrl: (href: string) => string | undefined,
): void {
  const isInside = /^#(?:cite|note|back)-/.test(href)
  const url = isInside ? sourceUrl(href) : href
  if (isInside) link.dataset['to'] = href
  if (url === undefined) {
    link.setAttribute('role', 'link')
    link.tabIndex = 0
    return
  }
  link.removeAttribute('role')
  link.setAttribute('href', url)
  link.setAttribute('target', '_blank')
  link.setAttribute('rel', 'noopener noreferrer nofollow')
}

/** Leads from a footnote back to its mark. */
export function createBackLink(document: Document, note: string): HTMLElement {
  const link = document.createElement('a')
  link.className = 'st-link st-back'
  link.dataset['to'] = `#back-${note}`
  link.tabIndex = 0
  // Not `doc-backlink`, which wants an address.
  link.setAttribute('role', 'link')
  link.setAttribute('aria-label', `↑ ${note}`)
  return link
}
