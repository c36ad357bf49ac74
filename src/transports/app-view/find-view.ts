import type { SerialHangUp } from '../../core/serial-hang-up.js'
import type { HangUp } from '../../core/source.js'
import { quietly } from '../../platform/quietly.js'
import { systemClock } from '../../platform/system-clock.js'
import type { Claim } from './own-view.js'
import { pageViews, type PageView } from './page-views.js'
import { listenToViews } from './view-bridge.js'
import { toScript } from './view-script.js'

/** A page that does not answer within this is loading, stands still or is gone. In milliseconds. */
const ANSWER_MS = 1_000
/** One that was just made is given longer. In milliseconds. */
const LOAD_MS = 3_000
/** Asked again so often: what is evaluated while a page loads may be lost. In milliseconds. */
const REPEAT_MS = 250
/** An app that has just started has no page yet. Looked for so long, in milliseconds. */
const SEARCH_MS = 5_000

/**
 * Finds the WebView that is to stream, and tells: the app's own if one is claimed, made anew where it no longer
 * answers; else, or where it can't stream, that of a page as `findView` does. Sends no request.
 * @param claim asked again where what it gave has died; each is the caller's to release
 * @param line hangs up the search
 */
export function findOwnView(
  claim: () => Claim,
  line: SerialHangUp,
  found: (view: PageView | undefined) => void,
): void {
  function attempt() {
    const { view, isProven, answered, discard } = claim()
    const told = (able: boolean) => {
      if (able) {
        answered()
        return found(view)
      }
      discard()
      if (isProven) attempt()
      else findView(line, found)
    }
    line.connect(() => probe(view, isProven ? ANSWER_MS : LOAD_MS, told))
  }

  attempt()
}

/**
 * Finds a page whose WebView can stream, root first, and tells; undefined after 5 s without one.
 * Sends no request.
 */
export function findView(line: SerialHangUp, found: (view: PageView | undefined) => void): void {
  const startedAt = systemClock.now()

  function search() {
    const views = pageViews()
    let next = 0
    const ask = () => {
      const view = views[next++]
      if (view) line.connect(() => probe(view, ANSWER_MS, (able) => (able ? found(view) : ask())))
      else if (systemClock.now() - startedAt >= SEARCH_MS) found(undefined)
      else
        line.connect(() => {
          const timer = systemClock.setTimeout(search, REPEAT_MS)
          return () => systemClock.clearTimeout(timer)
        })
    }
    ask()
  }

  search()
}

function probe(view: PageView, answerMs: number, answered: (able: boolean) => void): HangUp {
  const { id, close } = listenToViews((message) => {
    if (message.type === 'hello') finish(message.able)
  })
  const script = toScript({ call: 'hello', id })
  // A page that is closing may throw.
  const ask = () => quietly(() => view.evalJS(script))
  const repeat = setInterval(ask, REPEAT_MS)
  const timer = systemClock.setTimeout(() => finish(false), answerMs)

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
