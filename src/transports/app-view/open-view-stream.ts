import type { HangUp } from '../../core/source.js'
import { quietly } from '../../platform/quietly.js'
import type { TransportRequest } from '../transport.js'
import type { PageView } from './page-views.js'
import { listenToViews } from './view-bridge.js'
import { toScript, type StreamMessage, type ViewMessage } from './view-script.js'

export interface ViewStreamListener {
  head(status: number, headers: Readonly<Record<string, string>>): void
  text(text: string): void
  end(): void
  /** @param why for logs */
  lost(why: string): void
}

/** While the page is visible, text crosses the bridge at most this often. In milliseconds. */
const BATCH_MS = 30
/** A page that was quiet so long is asked whether the stream still runs; so long again without an answer, it stands still. */
const WATCH_MS = 3_000
/** A page that is closed, or that the system has reloaded (iOS), takes its streams along without a word. */
const DEATHS = ['close', 'recovery']

/** Runs one request inside a page's WebView. After `end`, `lost` or the hang-up nothing more is told. */
export function openViewStream(
  view: PageView,
  { method, url, headers, body, withCredentials = false }: TransportRequest,
  listener: ViewStreamListener,
): HangUp {
  let expected = 0
  let watch: 'heard' | 'quiet' | 'asked' = 'heard'
  const { id, close } = listenToViews(receive)
  const timer = setInterval(look, WATCH_MS)
  function died() {
    release()
    listener.lost('the page was closed or reloaded')
  }
  for (const death of DEATHS) quietly(() => view.addEventListener(death, died))

  function release() {
    close()
    clearInterval(timer)
    for (const death of DEATHS) quietly(() => view.removeEventListener(death, died))
  }

  function abort() {
    release()
    quietly(() => view.evalJS(toScript({ call: 'abort', id })))
  }

  function lose(why: string) {
    abort()
    listener.lost(why)
  }

  function receive(message: ViewMessage) {
    watch = 'heard'
    if (message.type === 'gone') lose('the page was reloaded')
    else if ('n' in message) follow(message)
  }

  function follow(message: StreamMessage) {
    if (message.n !== expected++) return lose(`message ${expected - 1} was lost on its way from the page`)
    switch (message.type) {
      case 'head':
        return listener.head(message.status, message.headers)
      case 'text':
        return listener.text(message.text)
      case 'end':
        release()
        return listener.end()
      case 'failed':
        release()
        return listener.lost(message.message)
    }
  }

  // By ticks, not by the clock: after a suspension the page has had no more time to answer than we had to ask.
  function look() {
    if (watch === 'asked') return lose('the page stands still')
    if (watch === 'quiet') quietly(() => view.evalJS(toScript({ call: 'check', id })))
    watch = watch === 'heard' ? 'quiet' : 'asked'
  }

  const request = { method, url, headers, body: body ?? null, withCredentials }
  try {
    view.evalJS(toScript({ call: 'open', id, ...request, batchMs: BATCH_MS }))
  } catch (thrown) {
    release()
    listener.lost(String(thrown))
  }
  return abort
}
