import { scriptArgument } from './view-script.js'
import type { PageView } from './page-views.js'

/** A component's instance on App: its root is the page. */
interface Inside {
  readonly $root?: { $getAppWebview?(): Pick<PageView, 'evalJS'> | null | undefined } | null
}

/**
 * Calls, on App, functions that a script of the page has left on its `window`, in the WebView that shows
 * `component`. Arguments cross as JSON. Calls arrive in order, or not at all where that page is gone.
 */
export function viewCaller(component: object | null | undefined): (name: string, ...args: unknown[]) => void {
  const page = (component as Inside | null | undefined)?.$root
  // Looked up at each call: when a page closes its WebView may go before its components.
  return (name, ...args) => page?.$getAppWebview?.()?.evalJS(`${name}(${args.map(scriptArgument).join()})`)
}
