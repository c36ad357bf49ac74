import { createSealedScope } from '../sealed-scope.js'

export interface ServiceRealm {
  /** Runs a script of the service layer. */
  run(code: string, name: string): void
  /** One of the realm's globals: `uni`, `getCurrentPages`… */
  get(name: string): unknown
  define(globals: object): void
}

interface ConfigScript {
  create(id: string, environment: object): { instance: object }
}

/** The service layer: App's code with its own globals, without a page and without the web's. */
export function createServiceRealm(
  plus: object,
  weex: object,
  globals: Record<string, unknown>,
): ServiceRealm {
  const { scope, own } = createSealedScope({
    ...globals,
    plus,
    weex,
    // The loader tells the Vue runtime by this name where it runs.
    exports: { platform: (plus as { os: { name: string } }).os.name },
    service: {
      register(_name: string, { create }: ConfigScript) {
        // It also lists `window`, `global` and the like as undefined: the first are sealed off anyway, and the
        // framework's own closure has a `global`.
        const instance = Object.entries(create('', { weex, plus }).instance)
        Object.assign(own, Object.fromEntries(instance.filter(([, value]) => value !== undefined)))
      },
    },
  })
  return {
    run(code, name) {
      const body = `with (scope) { (function () {\n${code}\n}).call(undefined) }\n//# sourceURL=app://${name}`
      ;(new Function('scope', body) as (scope: object) => void)(scope)
    },
    get: (name) => own[name],
    define: (more) => void Object.assign(own, more),
  }
}
