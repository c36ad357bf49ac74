import { INSETS } from './device.js'
import { equipPage } from './view-plus.js'
import { EventHub } from './event-hub.js'
import type { NativeApp } from './native-app.js'

/** `stalled`: the WebView's process does not run; what is sent either way waits. */
type State = 'loading' | 'ready' | 'stalled' | 'closed'

/** Methods that change only how a WebView looks. */
const COSMETIC = [
  ...['append', 'remove', 'draw', 'reset', 'setContentVisible', 'setPullToRefresh', 'beginPullToRefresh'],
  ...[
    'endPullToRefresh',
    'setTitleNViewButtonStyle',
    'setStyleTitleNView',
    'overrideUrlLoading',
    'setBounce',
    'setSoftinputTemporary',
  ],
]

/**
 * One `plus.webview` object over an iframe. The framework keeps facts of its own on it (`__uniapp_route`, `loaded`,
 * `nvue`), so unlike other native objects an unknown member is undefined.
 */
export class WebView {
  [fact: string]: unknown
  readonly id: string
  readonly #app: NativeApp
  readonly #frame: HTMLIFrameElement
  readonly #url: string
  readonly #style: Record<string, unknown>
  readonly #events = new EventHub()
  #state: State = 'loading'
  #visible = false
  /** An address that is the framework's own page equips itself before its scripts; nothing is loaded yet without one. */
  readonly #isOfFramework: boolean
  #isEmpty: boolean
  /** Script for a page that is not there yet. */
  #unsent: string[] = []
  #held: (() => void)[] = []

  constructor(app: NativeApp, url: string, id: string, style: Record<string, unknown>, extras: object) {
    this.id = id
    this.#app = app
    this.#url = url
    this.#style = style
    this.#isOfFramework = /(^|\/)__uniappview\.html/.test(url)
    this.#isEmpty = url === ''
    Object.assign(this, extras, Object.fromEntries(COSMETIC.map((name) => [name, () => undefined])))
    this.#frame = document.createElement('iframe')
    this.#frame.name = id
    if (url !== '') this.#frame.src = `/${url.replace(/^(_www)?\//, '')}?id=${id}`
    this.#frame.style.visibility = 'hidden'
    this.#frame.addEventListener('load', () => this.#loaded())
  }

  get frame(): HTMLIFrameElement {
    return this.#frame
  }

  get document(): Document {
    const page = this.#frame.contentDocument
    if (!page) throw new Error(`WebView ${this.id} is closed`)
    return page
  }

  evalJS(code: string): void {
    this.#app.meter.record('toView', code)
    if (this.#state === 'loading') this.#unsent.push(code)
    else this.#whenRunning(() => this.#app.toView(() => this.#run(code)))
  }

  /** Passes on what the page sends; held while stalled. */
  fromPage(deliver: () => void): void {
    this.#whenRunning(() => this.#app.toService(deliver))
  }

  /** The system has killed and reloaded the page's process. iOS tells the app, Android does not. */
  crash(): void {
    this.#state = 'loading'
    this.#frame.contentWindow?.location.reload()
    if (this.#app.os === 'iOS') this.#events.fire('recovery')
  }

  stall(): void {
    if (this.#state === 'ready') this.#state = 'stalled'
  }

  unstall(): void {
    if (this.#state !== 'stalled') return
    this.#state = 'ready'
    for (const work of this.#held.splice(0)) work()
  }

  loadData(html: string): void {
    this.#isEmpty = false
    this.#state = 'loading'
    this.#frame.srcdoc = html
  }

  show(_animation?: string, _durationMs?: number, shown?: () => void): void {
    this.#visible = true
    this.#app.views.raise(this)
    this.#app.toService(() => {
      this.#events.fire('show')
      shown?.()
    })
  }

  hide(): void {
    this.#visible = false
    this.#frame.style.visibility = 'hidden'
    this.#events.fire('hide')
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#events.fire('close')
    this.#app.views.forget(this)
    this.#frame.remove()
  }

  addEventListener = this.#events.addEventListener
  removeEventListener = this.#events.removeEventListener
  listeners = (name: string) => this.#events.count(name)
  setStyle = (style: object) => void Object.assign(this.#style, style)
  getStyle = () => this.#style
  getURL = () => this.#url
  isVisible = () => this.#visible
  getSafeAreaInsets = () => INSETS
  canBack = (answer: (result: { canBack: boolean }) => void) => answer({ canBack: false })
  children = () => []
  opened = () => []

  #whenRunning(work: () => void): void {
    if (this.#state === 'stalled') this.#held.push(work)
    else if (this.#state !== 'closed') work()
  }

  #run(code: string): void {
    // A page that was closed or is being reloaded swallows what is on its way.
    if (this.#state !== 'ready') return
    const page = this.#frame.contentWindow as (Window & { eval(code: string): unknown }) | null
    page?.eval(code)
  }

  #loaded(): void {
    if (this.#state !== 'loading' || this.#isEmpty) return
    this.#state = 'ready'
    // As `plusrequire: 'normal'` says, which is the default: other pages have `plus` once they are loaded.
    const page = this.#frame.contentWindow as (Window & typeof globalThis) | null
    if (page && !this.#isOfFramework) equipPage(page, this.#app, this.id)
    for (const code of this.#unsent.splice(0)) this.#app.toView(() => this.#run(code))
    this.#events.fire('loaded')
  }
}
