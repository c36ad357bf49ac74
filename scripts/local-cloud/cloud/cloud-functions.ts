// A stand-in for the runtime of uniCloud's functions: the real files, in this process. It can't show the cloud's Node
// version, cold starts, several instances, nor its limits of time and memory.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A cloud function's `exports.main`, or a cloud object's methods. */
type FunctionExports = Record<string, (...args: unknown[]) => unknown>

export interface CloudFunctions {
  /**
   * Calls a function with its event, or an object's method as `importObject` asks for it: `{ method, params }`.
   * @throws what the function threw, or an Error with `code` FUNCTION_NOT_FOUND
   */
  invoke(name: string, event: unknown): Promise<unknown>
}

/**
 * Loads real cloud-function files: `<folder>/<name>/index.js` and `index.obj.js`, each once, as the cloud does.
 * @param folders later ones win
 * @param uniCloud the global they see
 * @param library text of the module `uni-sse-channel/cloud`
 */
export function loadCloudFunctions(
  folders: readonly string[],
  uniCloud: object,
  library: string,
): CloudFunctions {
  const loaded = new Map<string, FunctionExports>()

  function run(path: string, source: string): FunctionExports {
    const module: { exports: FunctionExports } = { exports: {} }
    const requireFrom = createRequire(path)
    const require = (id: string): unknown =>
      id === 'uni-sse-channel/cloud' ? libraryExports() : requireFrom(id)
    new Function('module', 'exports', 'require', '__dirname', '__filename', 'uniCloud', source)(
      module,
      module.exports,
      require,
      dirname(path),
      path,
      uniCloud,
    )
    return module.exports
  }

  let libraryLoaded: FunctionExports | undefined
  function libraryExports(): FunctionExports {
    libraryLoaded ??= run(fileURLToPath(import.meta.url), library)
    return libraryLoaded
  }

  for (const folder of folders)
    for (const name of readdirSync(folder))
      for (const file of ['index.js', 'index.obj.js']) {
        const path = resolve(folder, name, file)
        if (existsSync(path)) loaded.set(name, run(path, readFileSync(path, 'utf8')))
      }

  return {
    async invoke(name, event) {
      const exports = loaded.get(name)
      if (!exports)
        throw Object.assign(new Error(`no cloud function ${name}`), { code: 'FUNCTION_NOT_FOUND' })
      if (exports.main) return exports.main(event, { FUNCTION_NAME: name, SOURCE: 'client' })
      const { method, params } = event as { method: string; params: unknown[] }
      const call = exports[method]
      if (!call) throw Object.assign(new Error(`no method ${method}`), { code: 'METHOD_NOT_FOUND' })
      return call.apply(exports, params)
    },
  }
}
