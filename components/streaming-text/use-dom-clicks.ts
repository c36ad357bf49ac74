import { jump } from './dom-jump'
import { useTool } from './dom-tools'
import type { Port } from './port'
import type { Section } from './section'
import { useCodeCopy } from './use-code-copy'

/** One listener for all links, images and copy buttons of a section on H5. */
export function useDomClicks(port: Port, section: Section): (event: MouseEvent) => void {
  const copy = useCodeCopy(port, section)

  return (event) => {
    const target = event.target as Element
    if (useTool(target, port.words.value.copy)) return
    const button = target.closest<HTMLElement>('.st-pre__copy')
    if (button) void copy(Number(button.dataset['key']), (label) => (button.textContent = label))
    const link = target.closest<HTMLElement>('.st-link')
    if (link && jump(link)) return
    const href = link?.dataset['to'] ?? link?.getAttribute('href')
    const image = target.closest('.st-image')?.getAttribute('src')
    if (!href && image) port.openImage(image)
    if (!href) return
    if (port.handlesLink(href)) event.preventDefault()
    port.openLink(href)
  }
}
