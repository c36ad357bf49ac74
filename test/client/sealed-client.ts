import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import type * as client from '../../src/client.js'
import { createSealedScope } from '../hosts/sealed-scope.js'

/**
 * The public entry as a mini-program sees it: no Event, MessageEvent, DOMException, URL, fetch or AbortController.
 * @param globals what the platform has
 */
export async function loadSealedClient(globals: Record<string, unknown>): Promise<typeof client> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/client.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'client',
    target: 'es2018',
  })
  const { scope } = createSealedScope(globals)
  // The outer function is sloppy, for `with`; the code in it strict, as compiled mini-programs are.
  const body = `with (scope) { return (function () { 'use strict'\n${outputFiles[0]?.text ?? ''}\nreturn client }).call(undefined) }`
  return (new Function('scope', body) as (scope: object) => typeof client)(scope)
}
