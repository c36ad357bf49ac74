import type { Plugin } from 'vite'

const VIEW_SCRIPT = /\/streaming-text\/(?:fold|formula)\.(?:wxs|sjs)$/

/**
 * Mini-programs ship view scripts as they stand. Those of `<streaming-text>` lose comments, indents and long names of
 * variables; nothing else is changed, because their language knows less than JavaScript does.
 */
export function compactViewScripts(): Plugin {
  return {
    name: 'uni-sse-channel:compact-view-scripts',
    apply: 'build',
    enforce: 'pre',
    async transform(code, id) {
      const file = id.split('?')[0]?.replace(/\\/g, '/') ?? ''
      return VIEW_SCRIPT.test(file) ? { code: await compact(code), map: null } : null
    },
  }
}

/** A view script with less to send. */
export async function compact(source: string): Promise<string> {
  // The app's own Vite; a static import would load a second one into what is required.
  const { transformWithEsbuild } = await import('vite')
  const { code } = await transformWithEsbuild(source, 'view-script.js', {
    target: 'es5',
    minifyWhitespace: true,
    minifyIdentifiers: true,
    sourcemap: false,
    tsconfigRaw: {},
  })
  // Not every view script's language has two-digit escapes.
  return code.replace(/\\x([\dA-F]{2})/g, (_all, digits: string) => `\\u00${digits.toLowerCase()}`)
}
