// Runs in Chromium, once with the browser's own and once with ours: the answers must be the same.

type Source = typeof globalThis.EventSource
type Answer = unknown

/** What an application can find out about an EventSource without a connection; the address answers nobody. */
export function askInterface(EventSource: Source, url: string): Record<string, Answer> {
  const answers: Record<string, Answer> = {}
  const loose = EventSource as unknown as new (...args: unknown[]) => EventSource
  const make = (...args: unknown[]) => {
    const source = new loose(...args)
    source.close()
    return source
  }
  const thrown = (what: () => unknown) => {
    try {
      what()
      return 'nothing'
    } catch (error) {
      const { name, code } = error as { name: string; code?: number }
      return [name, code ?? null, error instanceof DOMException]
    }
  }
  const ask = (question: string, answer: () => Answer) => {
    answers[question] = answer()
  }

  ask('its name, length, tag', () => [EventSource.length, String(make(url)), typeof EventSource])
  ask('what it inherits', () => [
    make(url) instanceof EventTarget,
    Object.getPrototypeOf(EventSource) === EventTarget,
    Object.getPrototypeOf(EventSource.prototype) === EventTarget.prototype,
  ])
  ask('its members', () =>
    ['url', 'withCredentials', 'readyState', 'onopen', 'onmessage', 'onerror', 'close', 'OPEN'].map(
      (name) => {
        const found = Object.getOwnPropertyDescriptor(EventSource.prototype, name)
        return [name, found?.enumerable, found?.configurable, found?.writable ?? null, typeof found?.set]
      },
    ),
  )
  ask('own names of an instance', () => Object.keys(make(url)))
  ask('for in', () => {
    const names: string[] = []
    for (const name in make(url)) names.push(name)
    return names.sort()
  })
  ask('bad arguments', () => [
    thrown(() => make()),
    thrown(() => make(url, 5)),
    thrown(() => make(url, 'x')),
    thrown(() => make(url, true)),
    thrown(() => make(url, null)),
    thrown(() => make(url, undefined)),
    thrown(() => make(Symbol('x'))),
    thrown(() => make('http://[bad')),
    thrown(() => make('http://a:999999/')),
    thrown(() => (EventSource as unknown as (url: string) => void)(url)),
  ])
  ask('addresses', () => [
    make('x?y#z').url,
    make('').url,
    make(undefined).url,
    make({ toString: () => '/a b' }).url,
    make(' \n/x\t').url,
    make('HTTP://EXAMPLE.com:80/../x').url,
    make('about:blank').url,
    make('/\ud800').url,
  ])
  ask('credentials', () =>
    [{}, { withCredentials: true }, { withCredentials: 1 }, { withCredentials: '' }, null].map(
      (init) => make(url, init).withCredentials,
    ),
  )
  ask('what can be changed', () => {
    const source = make(url) as unknown as Record<string, unknown>
    return ['url', 'readyState', 'withCredentials', 'OPEN'].map((name) => [
      thrown(() => (source[name] = 7)),
      source[name] === 7,
    ])
  })
  ask('a getter called on something else', () => {
    const getter = Object.getOwnPropertyDescriptor(EventSource.prototype, 'url')?.get
    return thrown(() => getter?.call({}))
  })
  ask('what a handler may be', () => {
    const source = make(url)
    return [null, undefined, 5, 'x', {}, [], () => 1].map((handler) => {
      source.onmessage = handler as never
      const kept = source.onmessage as unknown
      return kept === handler ? `kept ${typeof kept}` : kept
    })
  })
  ask('what a listener may be', () => {
    const source = make(url)
    return [null, undefined, 5, 'x', {}, () => 1].map((listener) => [
      thrown(() => source.addEventListener('x', listener as never)),
      thrown(() => source.removeEventListener('x', listener as never)),
    ])
  })
  ask('dispatching nonsense', () => {
    const source = make(url)
    return [undefined, null, 5, 'x', {}].map((event) => thrown(() => source.dispatchEvent(event as never)))
  })
  // Not in which order: Chromium calls them as they were added, where the standard has those that capture first.
  ask('twice with and without capture', () => {
    const source = make(url)
    let calls = 0
    const count = () => void calls++
    source.addEventListener('x', count)
    source.addEventListener('x', count, true)
    source.addEventListener('x', count, { capture: true })
    source.dispatchEvent(new Event('x'))
    source.removeEventListener('x', count)
    source.dispatchEvent(new Event('x'))
    source.removeEventListener('x', count, { capture: true })
    source.dispatchEvent(new Event('x'))
    return calls
  })
  ask('order, twice the same, once, removed', () => {
    const source = make(url)
    const calls: string[] = []
    const note = (name: string) => () => void calls.push(name)
    const [a, b, c] = [note('a'), note('b'), note('c')]
    source.addEventListener('message', a)
    source.onmessage = note('replaced')
    source.addEventListener('message', a)
    source.addEventListener('message', b, { once: true })
    source.addEventListener('message', c)
    source.addEventListener('message', { handleEvent: note('object') })
    source.onmessage = note('handler')
    source.dispatchEvent(new MessageEvent('message'))
    source.removeEventListener('message', c)
    source.onmessage = null
    source.onmessage = note('handler again')
    source.dispatchEvent(new Event('message'))
    return calls
  })
  ask('listeners that change listeners', () => {
    const source = make(url)
    const calls: string[] = []
    const late = () => void calls.push('late')
    const gone = () => void calls.push('gone')
    source.addEventListener('x', () => {
      source.removeEventListener('x', gone)
      source.addEventListener('x', late)
    })
    source.addEventListener('x', gone)
    source.dispatchEvent(new Event('x'))
    calls.push('|')
    source.dispatchEvent(new Event('x'))
    return calls
  })
  ask('a signal', () => {
    const source = make(url)
    const calls: string[] = []
    const abort = new AbortController()
    source.addEventListener('x', () => calls.push('before'), { signal: abort.signal })
    source.addEventListener('x', () => calls.push('never'), { signal: AbortSignal.abort() })
    source.dispatchEvent(new Event('x'))
    abort.abort()
    source.dispatchEvent(new Event('x'))
    return [calls, thrown(() => source.addEventListener('x', () => 1, { signal: null as never }))]
  })
  ask('stopping and preventing', () => {
    const event = () => new Event('x', { cancelable: true })
    const heard = (first: (event: Event) => unknown, options?: AddEventListenerOptions) => {
      const source = make(url)
      const calls: string[] = []
      source.addEventListener('x', first as EventListener, options)
      source.addEventListener('x', () => calls.push('second'))
      return [source.dispatchEvent(event()), calls]
    }
    const source = make(url)
    source.onerror = () => false
    return [
      heard((event) => event.stopImmediatePropagation()),
      heard((event) => event.stopPropagation()),
      heard((event) => event.preventDefault()),
      heard((event) => event.preventDefault(), { passive: true }),
      heard(() => false),
      source.dispatchEvent(new Event('error', { cancelable: true })),
      source.dispatchEvent(new Event('error')),
    ]
  })
  ask('an event on its way and after it', () => {
    const source = make(url)
    const seen: unknown[] = []
    const look = (event: Event) => [
      event.target === source,
      event.srcElement === source,
      event.currentTarget === source ? 'source' : event.currentTarget,
      event.eventPhase,
      event.composedPath().length,
      event.isTrusted,
    ]
    const event = new MessageEvent('message', { data: { any: 1 }, lastEventId: '5', origin: 'x' })
    source.onmessage = function (this: unknown, event) {
      seen.push(look(event), this === source, event.data, event.lastEventId, event.origin)
      seen.push(thrown(() => source.dispatchEvent(event)))
    }
    source.dispatchEvent(event)
    return [...seen, look(event)]
  })
  ask('constants', () => [
    EventSource.CONNECTING,
    EventSource.OPEN,
    EventSource.CLOSED,
    make(url).CONNECTING,
    make(url).OPEN,
    make(url).CLOSED,
    make(url).readyState,
    new loose(url).readyState,
  ])
  return answers
}
