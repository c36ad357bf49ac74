import { ChannelError } from '../core/channel-error.js'
import { createSerialHangUp } from '../core/serial-hang-up.js'
import type { HangUp } from '../core/source.js'
import { findOwnView, findView } from './app-view/find-view.js'
import { openViewStream } from './app-view/open-view-stream.js'
import { claimOwnView, type Claim, type OwnWebView } from './app-view/own-view.js'
import type { PageView } from './app-view/page-views.js'
import { hasViewBridge } from './app-view/view-bridge.js'
import { byteHeaders } from './http-exchange.js'
import { muteable } from './mute.js'
import { createResponseReader } from './response-reader.js'
import { addQuery } from './route-url.js'
import type { Transport, TransportRequest } from './transport.js'

/** HarmonyOS has a bridge of the same name, but its `uni.request` gives chunks. */
declare const harmonyChannel: object | undefined

/** Where the App's view transport runs. */
export interface AppViewOptions {
  /**
   * Where streams run. Default `page`: in an open page's WebView, so one whose page is closed by `reLaunch` or
   * `redirectTo` breaks, and goes on from its cursor if the server gives ids. `own`: in a hidden WebView that belongs to
   * no page, made when it is needed and closed when idle; where that can't stream, in a page's.
   */
  readonly webView?: 'page' | 'own' | OwnWebView
}

/**
 * App's vue pages, where `uni.request` gives bodies whole: `fetch` runs in the WebView of an open page, the root one
 * if it answers, and its text crosses to the service layer over the framework's own bridge. No component is needed.
 * The server must allow the origin of the app's pages (`Origin: null`). A page that closes, is reloaded or stands
 * still is a lost connection; a start is never sent a second time.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function appView({ webView = 'page' }: AppViewOptions = {}): Transport {
  const own = webView === 'page' ? undefined : toOwn(webView)

  return {
    name: 'app-view',
    path: 'http-stream',

    isSupported: () =>
      typeof plus === 'object' &&
      typeof plus.webview === 'object' &&
      typeof document === 'undefined' &&
      typeof harmonyChannel === 'undefined' &&
      hasViewBridge(),

    stream(asked, target) {
      const request = withoutPreflight(asked)
      const { observer, mute } = muteable(target)
      const reader = createResponseReader(observer, request.lastEventId, request.protocol)
      const claims: Claim[] = []
      let headed = false

      function found(view: PageView | undefined) {
        if (view) line.connect(() => open(view))
        else {
          release()
          observer.unsent?.(new ChannelError('CONNECTION_LOST', 'No page of the app can stream.'))
        }
      }

      function open(view: PageView): HangUp {
        return openViewStream(view, request, {
          head(status, headers) {
            headed = true
            reader.head(status, headers)
          },
          text: (text) => reader.chunk(text),
          end() {
            release()
            reader.end()
          },
          lost(why) {
            release()
            reader.fail(lostError(why, request, headed))
          },
        })
      }

      function release() {
        for (const claim of claims.splice(0)) claim.release()
      }

      function claim(): Claim {
        const fresh = claimOwnView(own ?? {})
        claims.push(fresh)
        return fresh
      }

      const line = createSerialHangUp()
      if (own) findOwnView(claim, line, found)
      else findView(line, found)
      return () => {
        mute()
        line.end()
        release()
      }
    },
  }
}

/** `appView()` with its defaults. */
export const appViewTransport: Transport = /* @__PURE__ */ appView()

/** Plain JavaScript passes anything. */
function toOwn(webView: unknown): OwnWebView {
  if (webView === 'own') return {}
  const { page, idleMs } = (
    typeof webView === 'object' && webView !== null ? webView : { page: 0 }
  ) as OwnWebView
  const isPage = page === undefined || (typeof page === 'string' && page !== '')
  if (isPage && (idleMs === undefined || (typeof idleMs === 'number' && idleMs >= 0))) return { page, idleMs }
  throw new ChannelError(
    'BAD_OPTIONS',
    "webView must be 'page', 'own' or { page?: a file of the app, idleMs?: milliseconds from 0 on }.",
  )
}

/** The page asks for leave (CORS) before it sends a header of ours: a cursor in the address saves that round trip. */
function withoutPreflight(request: TransportRequest): TransportRequest {
  const { url, lastEventId, protocol = 'channel' } = request
  if (lastEventId === undefined) return request
  if (protocol !== 'channel') return { ...request, headers: byteHeaders(request) }
  return { ...request, url: addQuery(url, { lastEventId }) }
}

function lostError(why: string, { url }: TransportRequest, headed: boolean): ChannelError {
  const server = /^[a-z]+:\/\/[^/?#]+/i.exec(url)?.[0] ?? url
  const message = headed
    ? `The stream of the page's WebView broke: ${why}.`
    : `No answer from ${server} in the page's WebView: ${why}. If the server can be reached, it does not allow the app's origin (CORS): pages of an App send "Origin: null".`
  return new ChannelError('CONNECTION_LOST', message)
}
