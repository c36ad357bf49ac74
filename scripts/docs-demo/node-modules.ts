import { resolve } from 'node:path'
import type { Plugin } from 'esbuild'

const replaced: Readonly<Record<string, string>> = {
  'node:crypto': 'web-crypto.ts',
  'node:timers/promises': 'web-timers.ts',
}

/** Modules of Node that the demo's server uses get one for the web; those of files and sockets, which it does not, none. */
export const nodeModules: Plugin = {
  name: 'node-modules',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node' }))
    // As CommonJS: whatever else is imported by name is undefined, instead of an error.
    build.onLoad({ filter: /./, namespace: 'node' }, ({ path }) => ({
      contents: `module.exports = ${replaced[path] ? `require('./${replaced[path]}')` : '{}'}`,
      resolveDir: resolve('scripts/docs-demo'),
    }))
  },
}
