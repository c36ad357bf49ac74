import type { Plugin } from 'vite'

/**
 * On H5 uni-app names a piece after its path from the sources of the app. That of what lies above them, in
 * `node_modules` or a workspace, begins with two dots, which Rollup takes for a path of its own: the browser is then
 * asked for a bare name, and finds nothing. Such a piece loses its dots.
 */
export function pieceNames(): Plugin {
  return {
    name: 'uni-sse-channel:piece-names',
    outputOptions(options) {
      const { chunkFileNames: nameOf } = options
      if (typeof nameOf !== 'function') return null
      return { ...options, chunkFileNames: (chunk) => withoutDots(nameOf(chunk)) }
    },
  }
}

/** `assets/..-..-lib-engine.[hash].js` → `assets/lib-engine.[hash].js` */
const withoutDots = (name: string): string => name.replace(/(^|\/)(?:\.{1,2}-)+/g, '$1')
