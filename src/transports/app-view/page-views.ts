import { quietly } from '../../platform/quietly.js'

/** A page's WebView, as much of it as is used. @see https://www.html5plus.org/doc/zh_cn/webview.html */
export interface PageView {
  readonly id: string
  /** Runs later, in another process; without a page there it may be lost. */
  evalJS(script: string): void
  addEventListener(event: string, listener: () => void): void
  removeEventListener(event: string, listener: () => void): void
}

/** The page instances of App have more than the public type tells. */
interface AppPageInstance {
  $getAppWebview?(): (PageView & { nvue?: boolean }) | null | undefined
}

/** The WebViews of the open pages, root first: it outlives the pages above it. nvue pages have none. */
export function pageViews(): PageView[] {
  if (typeof getCurrentPages !== 'function') return []
  const pages = (quietly(() => getCurrentPages()) ?? []) as unknown as AppPageInstance[]
  const views = pages.map((page) => quietly(() => page.$getAppWebview?.()))
  return views.filter((view) => view && !view.nvue) as PageView[]
}
