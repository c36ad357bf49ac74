import type { HideOptions } from './host-options.js'
import type { ConsoleMessage } from './record-console.js'
import type { SetDataCall, SetDataStats } from './set-data-meter.js'
import type { ApiCall, NetworkRecord } from './shell/native-shell.js'
import type { NetworkType } from './shell/network-conditions.js'

/** A running mini program, driven from the same process or page. */
export interface MiniProgramHost {
  /** Every request and socket, oldest first. The records are live. */
  readonly requests: readonly NetworkRecord[]
  /** Every call of the global API, oldest first. */
  readonly apiCalls: readonly ApiCall[]
  /** Uncaught errors of the logic layer, each with its stack. */
  readonly errors: readonly string[]
  /** What the template compiler and the component framework complained about. */
  readonly warnings: readonly string[]
  /** What the app printed; Vue reports a failing handler here. */
  readonly console: readonly ConsoleMessage[]
  /** Every `setData`, oldest first. */
  readonly setDataCalls: readonly SetDataCall[]
  /** The open pages, the visible one last. */
  readonly pages: { path: string; query: Record<string, string> }[]
  /**
   * Launches the app on a page, by default the first of app.json. Resolves after the page's onReady.
   * @param query decoded values; they are encoded as in a url, and `onLoad` sees them encoded
   */
  start(path?: string, query?: Record<string, string>): Promise<void>
  /** The first match on the visible page. @throws {Error} nothing matches */
  find(selector: string): HTMLElement
  /** The visible page's text, or that of the first match in it, a line for each block. */
  text(selector?: string): string
  html(): string
  /** Page onHide, app onHide, onAppHide listeners; then, if asked for, the suspension. */
  hide(options?: HideOptions): void
  /** App onShow, onAppShow listeners, page onShow; after them, in later tasks, all that was held back. */
  show(): void
  /** With `none`, open connections are cut and new ones fail. Listeners of the status hear of it. */
  setNetwork(type: NetworkType): void
  /** What the app keeps under this key; undefined when nothing. */
  stored(key: string): unknown
  /** All that it keeps, as the options of the next launch take it. */
  storage(): Record<string, unknown>
  navigateTo(path: string, query?: Record<string, string>): void
  back(delta?: number): void
  setDataStats(): SetDataStats
  /** Forgets the `setData` calls so far. */
  resetSetData(): void
  /** Unloads all pages, drops all connections and timers. Idempotent. */
  close(): void
}
