import type { ComponentInstance, ComponentSpace } from './component-space.js'
import { parseUrl } from './parse-url.js'

interface PageInstance extends ComponentInstance {
  onLoad?(query: Record<string, string>): void
  onShow?(): void
  onHide?(): void
  onUnload?(): void
  createSelectorQuery(): unknown
}

type Root = ReturnType<ComponentSpace['backend']['createRoot']>

/** `covered`: under another page. `background`: on top, but the app is hidden. */
type PageState = 'shown' | 'covered' | 'background'

interface OpenPage {
  path: string
  query: Record<string, string>
  element: HTMLElement
  root: Root
  instance: PageInstance
  state: PageState
}

/** The stack of open pages, each in its own element of the stage; only the top one is visible. */
export class PageStack {
  readonly #pages: OpenPage[] = []
  readonly #space: ComponentSpace
  readonly #stage: HTMLElement
  readonly #known: string[]
  #lastViewId = 0

  constructor(space: ComponentSpace, stage: HTMLElement, known: string[]) {
    this.#space = space
    this.#stage = stage
    this.#known = known
  }

  get list(): { path: string; query: Record<string, string> }[] {
    return this.#pages.map(({ path, query }) => ({ path, query }))
  }

  get instances(): PageInstance[] {
    return this.#pages.map(({ instance }) => instance)
  }

  get topElement(): HTMLElement {
    const top = this.#pages.at(-1)
    if (!top) throw new Error('no page is open')
    return top.element
  }

  /** @throws {Error} the package has no such page */
  open(url: string): void {
    const { path, query } = parseUrl(url)
    if (!this.#known.includes(path)) throw new Error(`page not found: ${path}`)
    this.#hideTop('covered')
    const element = document.createElement('div')
    element.className = 'mp-page'
    element.dataset['path'] = path
    const placeholder = document.createElement('div')
    element.append(placeholder)
    this.#stage.append(element)
    const root = this.#space.backend.createRoot('mp-root', this.#space.space, path)
    const instance = root.get() as unknown as PageInstance
    const channel = { emit() {}, on() {}, once() {}, off() {} }
    const viewId = ++this.#lastViewId
    const facts = {
      ...{ route: path, __route__: path, options: query, __wxWebviewId__: viewId },
      ...{ __webviewId__: viewId, __nodeId__: 0 },
    }
    for (const [key, value] of Object.entries({ ...facts, getOpenerEventChannel: () => channel }))
      Object.defineProperty(instance, key, { value, writable: true, configurable: true, enumerable: true })
    const page: OpenPage = { path, query, element, root, instance, state: 'covered' }
    this.#pages.push(page)
    type Parent = Parameters<Root['attach']>[0]
    root.attach(element as unknown as Parent, placeholder as unknown as Parent)
    instance.onLoad?.(query)
    this.showTop()
  }

  /** Closes up to `delta` pages, never the last one, and shows what is then on top. */
  back(delta: number): void {
    for (let count = 0; count < delta && this.#pages.length > 1; count++) this.closeTop()
    this.showTop()
  }

  closeTop(): void {
    const page = this.#pages.pop()
    page?.instance.onUnload?.()
    page?.root.release()
    page?.element.remove()
  }

  closeAll(): void {
    while (this.#pages.length > 0) this.closeTop()
  }

  hideForBackground(): void {
    this.#hideTop('background')
  }

  showTop(): void {
    const page = this.#pages.at(-1)
    if (!page || page.state === 'shown') return
    page.state = 'shown'
    page.element.style.display = ''
    page.instance.onShow?.()
    page.root.getComponent().triggerPageLifetime('show', [])
  }

  #hideTop(state: PageState): void {
    const page = this.#pages.at(-1)
    if (page?.state !== 'shown') return
    page.state = state
    if (state === 'covered') page.element.style.display = 'none'
    page.instance.onHide?.()
    page.root.getComponent().triggerPageLifetime('hide', [])
  }
}
