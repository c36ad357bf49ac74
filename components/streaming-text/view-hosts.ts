import { watchCopies } from './answer-copies'
import { jump } from './dom-jump'
import { DomSink } from './dom-sink'
import { OpReader } from './op-reader'

/** What happened in the page: a link or the button of a code block was pressed, or an image arrived. */
export type ViewEvent =
  { readonly href: string } | { readonly key: string } | { readonly image: string; readonly loaded: boolean }

/** What the service layer calls in a page, under a short name, since each piece of text is a call. */
interface ViewCalls {
  (host: number, piece: string): void
  /** Shows `log` in the place of what the host shows. */
  begin(host: number, log: string, copyLabel: string): void
  /** Says something on the button of a code block. */
  label(host: number, key: number, text: string): void
  end(host: number): void
}

declare global {
  interface Window {
    $st: ViewCalls
  }
}

interface Host {
  readonly element: HTMLElement
  readonly leave: () => void
  /** From `begin` on: what was sent before is in its log. */
  show?: (piece: string) => void
}

const hosts = new Map<number, Host>()

/** Runs in the view of App. Shows in `element` what the service layer sends for `id`, until it says `end`. */
export function openHost(id: number, element: HTMLElement, tell: (event: ViewEvent) => void): void {
  hosts.get(id)?.leave()
  hosts.set(id, { element, leave: watchCopies(element.ownerDocument) })
  // Of an image, which does not bubble.
  element.addEventListener(
    'load',
    ({ target }) => tell({ image: (target as HTMLImageElement).src, loaded: true }),
    true,
  )
  element.addEventListener('click', (event) => {
    const target = event.target as Element
    const key = target.closest<HTMLElement>('.st-pre__copy')?.dataset['key']
    if (key !== undefined) tell({ key })
    const link = target.closest<HTMLElement>('.st-link')
    if (link && jump(link)) return
    const href = link?.dataset['to'] ?? link?.getAttribute('href')
    const image = target.closest('.st-image')?.getAttribute('src')
    if (!href && image) tell({ image, loaded: false })
    if (!href) return
    // The WebView must not leave the page for it: what becomes of a link is up to the app.
    event.preventDefault()
    tell({ href })
  })
}

// With the page's scripts, not with its first host: a page that is reloaded is sent pieces until it says so.
window.$st = createCalls()

function createCalls(): ViewCalls {
  const calls: ViewCalls = (id, piece) => hosts.get(id)?.show?.(piece)
  calls.begin = (id, log, copyLabel) => {
    const host = hosts.get(id)
    if (!host) return
    let isWhole = true
    const sink = new DomSink(
      () => copyLabel,
      undefined,
      undefined,
      () => isWhole,
    )
    const reader = new OpReader()
    host.element.textContent = ''
    sink.mount(host.element)
    host.show = (piece) => {
      sink.write(reader.read(piece))
      // As the framework does after changes of its own: native widgets follow the layout then.
      window.dispatchEvent(new CustomEvent('updateview'))
    }
    host.show(log)
    isWhole = false
  }
  calls.label = (id, key, text) => {
    const button = hosts.get(id)?.element.querySelector(`.st-pre__copy[data-key="${key}"]`)
    if (button) button.textContent = text
  }
  calls.end = (id) => {
    hosts.get(id)?.leave()
    hosts.delete(id)
  }
  return calls
}
