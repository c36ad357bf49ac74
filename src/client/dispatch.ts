import { domException } from './dom-exception.js'
import type { Entry } from './listeners.js'
import type { SourceEvent } from './source-event.js'

const inFlight = new WeakSet<object>()

/**
 * Calls the listeners, those that capture first. A throw is reported and does not keep the others.
 * @returns false when the event's default was prevented
 * @throws {InvalidStateError} the event is being dispatched already
 * @see https://dom.spec.whatwg.org/#concept-event-dispatch
 */
export function dispatch(
  event: SourceEvent,
  target: object,
  entries: readonly Entry[],
  drop: (entry: Entry) => void,
): boolean {
  if (inFlight.has(event))
    throw domException('InvalidStateError', 11, 'The event is being dispatched already.')
  inFlight.add(event)
  let stopped: 'no' | 'before the next phase' | 'at once' = 'no'
  let passive = false
  const preventDefault = event.preventDefault?.bind(event)
  overlay(event, {
    target,
    srcElement: target,
    currentTarget: target,
    eventPhase: 2,
    composedPath: () => [target],
    stopPropagation: () => (stopped = stopped === 'no' ? 'before the next phase' : stopped),
    stopImmediatePropagation: () => (stopped = 'at once'),
    preventDefault: () => (passive ? undefined : preventDefault?.()),
  })
  for (const capture of [true, false]) {
    if (is('before the next phase')) break
    for (const entry of entries) {
      if (is('at once')) break
      if (entry.capture !== capture || entry.removed) continue
      if (entry.once) drop(entry)
      passive = entry.passive
      call(entry, event, target)
      passive = false
    }
  }
  overlay(event, { currentTarget: null, eventPhase: 0, composedPath: () => [] })
  inFlight.delete(event)
  return event.defaultPrevented !== true

  function is(state: typeof stopped) {
    return stopped === state
  }
}

/** Laid over the event, since what a real `Event` shows while it is dispatched is set by its own realm alone. */
function overlay(event: object, values: Readonly<Record<string, unknown>>) {
  for (const name of Object.keys(values))
    Object.defineProperty(event, name, { value: values[name], configurable: true, writable: true })
}

function call({ listener }: Entry, event: SourceEvent, target: object) {
  try {
    if (typeof listener === 'function') listener.call(target, event)
    else listener.handleEvent(event)
  } catch (thrown) {
    report(thrown)
  }
}

declare const reportError: ((thrown: unknown) => void) | undefined

/** As an uncaught error of the application's, which it is. */
function report(thrown: unknown) {
  if (typeof reportError === 'function') return reportError(thrown)
  setTimeout(() => {
    throw thrown
  })
}
