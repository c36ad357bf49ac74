import type { NativeApp } from './native-app.js'
import { WebView } from './web-view.js'

/** All WebViews of the app, in an element that is the phone's screen. */
export class WebViews {
  readonly #all = new Map<string, WebView>()
  readonly #stage: HTMLElement
  #level = 0

  constructor(stage: HTMLElement) {
    this.#stage = stage
  }

  get all(): WebView[] {
    return [...this.#all.values()]
  }

  get(id: string): WebView | null {
    return this.#all.get(id) ?? null
  }

  create(app: NativeApp, url: string, id: string, style: Record<string, unknown> = {}, extras = {}): WebView {
    const view = new WebView(app, url, id, style, extras)
    this.#all.set(id, view)
    this.#stage.append(view.frame)
    return view
  }

  raise(view: WebView): void {
    view.frame.style.visibility = 'visible'
    view.frame.style.zIndex = String(++this.#level)
  }

  forget(view: WebView): void {
    this.#all.delete(view.id)
  }
}
