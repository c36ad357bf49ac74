import { quietly } from '../../platform/quietly.js'
import { systemClock } from '../../platform/system-clock.js'
import type { PageView } from './page-views.js'

/** A WebView that belongs to no page, is never shown, and runs nothing but the script of this library. */
export interface OwnWebView {
  /**
   * A file of the app to load into it, as `/static/stream.html`, empty but for `<!doctype html>`. Default: no file,
   * an empty document. For a phone whose empty documents can't reach the app.
   */
  readonly page?: string | undefined
  /** Closed so long after its last stream, in milliseconds. Default 30,000; `Infinity` keeps it. */
  readonly idleMs?: number | undefined
}

/** @see https://www.html5plus.org/doc/zh_cn/webview.html */
interface OwnedView extends PageView {
  loadData(html: string): void
  close(): void
}

export interface Claim {
  readonly view: PageView
  /** It has answered before; else it may still be loading. */
  readonly isProven: boolean
  answered(): void
  /** The stream is over. Idempotent. */
  release(): void
  /** It does not answer: closed for all, the next claim makes another. */
  discard(): void
}

/** `uni-app: none`: without the framework's view layer. `render: always`: Android does not rest it for being unseen. */
const STYLES = { 'uni-app': 'none', render: 'always' }

interface Owned {
  readonly view: OwnedView
  users: number
  proven: boolean
  idle: unknown
}

const owned = new Map<string, Owned>()

/** The app's own WebView for streams, shared by all that ask for the same page; made if there is none. */
export function claimOwnView({ page = '', idleMs = 30_000 }: OwnWebView): Claim {
  const own = owned.get(page) ?? create(page)
  const { view, proven } = own
  own.users++
  systemClock.clearTimeout(own.idle)
  let claimed = true

  function discard() {
    if (owned.get(page) !== own) return
    owned.delete(page)
    quietly(() => view.close())
  }

  return {
    view,
    isProven: proven,
    answered() {
      own.proven = true
    },
    release() {
      if (!claimed) return
      claimed = false
      own.users--
      if (own.users === 0 && idleMs !== Infinity) own.idle = systemClock.setTimeout(discard, idleMs)
    },
    discard,
  }
}

function create(page: string): Owned {
  const id = `uni-sse-channel${page}`
  // Left by a service layer that was restarted.
  ;(plus.webview.getWebviewById(id) as unknown as OwnedView | null)?.close()
  const view = plus.webview.create(page, id, STYLES as PlusWebviewWebviewStyles) as unknown as OwnedView
  const own: Owned = { view, users: 0, proven: false, idle: undefined }
  owned.set(page, own)
  view.addEventListener('close', () => {
    if (owned.get(page) === own) owned.delete(page)
  })
  if (page === '') view.loadData('<!doctype html><meta charset="utf-8">')
  return own
}
