import type { HangUp } from '../../core/source.js'
import { systemClock } from '../../lifecycle/system-clock.js'
import { pageViews, type PageView } from './page-views.js'
import { listenToViews } from './view-bridge.js'
import { toScript } from './view-script.js'

/** A page that does not answer within this is loading, stands still or is gone. In milliseconds. */
const ANSWER_MS = 1_000
/** Asked again so often: what is evaluated while a page loads may be lost. In milliseconds. */
const REPEAT_MS = 250
/** An app that has just started has no page yet. Looked for so long, in milliseconds. */
const SEARCH_MS = 5_000

/**
 * Finds a page whose WebView can stream, root first, and tells; undefined after 5 s without one.
 * Sends no request.
 */
export function findView(found: (view: PageView | undefined) => void): HangUp {
  const startedAt = systemClock.now()
  let hangUp: HangUp = () => undefined

  function search() {
    const views = pageViews()
    let next = 0
    const ask = () => {
      const view = views[next++]
      if (view) hangUp = probe(view, (able) => (able ? found(view) : ask()))
      else if (systemClock.now() - startedAt >= SEARCH_MS) found(undefined)
      else {
        const timer = systemClock.setTimeout(search, REPEAT_MS)
        hangUp = () => systemClock.clearTimeout(timer)
      }
    }
    ask()
  }

  search()
  return () => hangUp()
}

function probe(view: PageView, answered: (able: boolean) => void): HangUp {
  const { id, close } = listenToViews((message) => {
    if (message.type === 'hello') finish(message.able)
  })
  const script = toScript({ call: 'hello', id })
  const ask = () => view.evalJS(script)
  const repeat = setInterval(ask, REPEAT_MS)
  const timer = systemClock.setTimeout(() => finish(false), ANSWER_MS)

  function stop() {
    close()
    clearInterval(repeat)
    systemClock.clearTimeout(timer)
  }

  function finish(able: boolean) {
    stop()
    answered(able)
  }

  ask()
  return stop
}
