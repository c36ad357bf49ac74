import { onUnmounted } from 'vue'
import type { Port } from './port'
import type { Section } from './section'

/** How long a button says that it copied, in milliseconds. */
const SAID_MS = 1500

/** One listener for all links and copy buttons of a section on H5. */
export function useDomClicks(port: Port, section: Section): (event: MouseEvent) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  onUnmounted(() => clearTimeout(timer))

  async function copy(button: HTMLElement) {
    if (!(await port.copyCode(section, Number(button.dataset['key'])))) return
    button.textContent = port.words.value.copied
    timer = setTimeout(() => {
      button.textContent = port.words.value.copy
    }, SAID_MS)
  }

  return (event) => {
    const target = event.target as Element
    const button = target.closest<HTMLElement>('.st-pre__copy')
    if (button) void copy(button)
    const href = target.closest('.st-link')?.getAttribute('href')
    if (!href) return
    if (port.handlesLinks()) event.preventDefault()
    port.openLink(href)
  }
}
