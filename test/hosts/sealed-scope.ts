import { BLOCKED_GLOBALS } from './blocked-globals.js'

export interface SealedScope {
  /** For `with (scope) { … }`: what is not among the globals given falls through to the language itself only. */
  scope: object
  /** What the code has stored on its global object, and the globals given. */
  own: Record<string | symbol, unknown>
}

/** A global scope of its own for compiled code, without the names of the web and of Node. */
export function createSealedScope(globals: Record<string, unknown>): SealedScope {
  const blocked = new Set(BLOCKED_GLOBALS.filter((name) => !(name in globals)))
  const hidden = (key: string | symbol) => typeof key === 'string' && blocked.has(key)
  // An own object, so that what the code stores on its global stays in this realm.
  const own: Record<string | symbol, unknown> = Object.assign(Object.create(null) as object, globals)
  const globalView = new Proxy(own, {
    get: (target, key) =>
      key in target ? target[key] : hidden(key) ? undefined : Reflect.get(globalThis, key),
    has: (target, key) => key in target || (!hidden(key) && key in globalThis),
  })
  own['globalThis'] = own['global'] = globalView
  const scope = new Proxy(own, {
    // A blocked name resolves here, to undefined, before the lookup reaches the real global.
    has: (target, key) => key in target || hidden(key),
    get: (target, key) => (key === Symbol.unscopables ? undefined : target[key]),
  })
  return { scope, own }
}
