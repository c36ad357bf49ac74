import { createSealedScope } from '../sealed-scope.js'

export interface RealmOptions {
  /** Source text by path, `.js` included. */
  modules: Record<string, string>
  /** What the code sees besides the language itself: `wx`, `Page`, timers… */
  globals: Record<string, unknown>
  /** Called around each module's run with its path without `.js`: `Page()` and `Component()` take effect for it. */
  run(path: string, evaluate: () => void): void
}

export interface Realm {
  /** Runs a module once and gives its exports. */
  load(path: string): unknown
}

type ModuleFunction = (
  scope: object,
  require: (id: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
) => void

/** The logic layer: the compiled code runs with its own globals and without those of the web and of Node. */
export function createRealm({ modules, globals, run }: RealmOptions): Realm {
  const { scope } = createSealedScope(globals)
  const loaded = new Map<string, { exports: unknown }>()

  const load = (path: string): unknown => {
    const known = loaded.get(path)
    if (known) return known.exports
    const source = modules[path]
    if (source === undefined) throw new Error(`module '${path}' is not defined`)
    const module: { exports: unknown } = { exports: {} }
    loaded.set(path, module)
    const require = (id: string) => load(resolve(path, id))
    run(path.replace(/\.js$/, ''), () =>
      compile(path, source).call(undefined, scope, require, module, module.exports),
    )
    return module.exports
  }
  return { load }
}

/** `with` needs a sloppy outer function; the module's own body keeps its "use strict". */
function compile(path: string, source: string): ModuleFunction {
  const body = `with (scope) { (function (require, module, exports) {\n${source}\n}).call(undefined, require, module, exports) }`
  return new Function(
    'scope',
    'require',
    'module',
    'exports',
    `${body}\n//# sourceURL=mini-program://${path}`,
  ) as ModuleFunction
}

function resolve(from: string, id: string): string {
  const parts = id.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of id.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  const path = parts.join('/')
  return path.endsWith('.js') ? path : `${path}.js`
}
