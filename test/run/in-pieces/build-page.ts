import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { definesFor } from '../../../src/vite/platform-defines.js'

/** The page as an app for H5 is built: its files by name, and which of them the page itself loads. */
export async function buildPage(): Promise<ReadonlyMap<string, { code: string; isFirst: boolean }>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { ...definesFor('h5'), 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: fileURLToPath(new URL('page.ts', import.meta.url)),
        output: { entryFileNames: 'page.js' },
      },
    },
  })
  const [result] = [built].flat()
  if (!result || !('output' in result)) throw new Error('nothing was built')
  const chunks = result.output.flatMap((file) => (file.type === 'chunk' ? [file] : []))
  const first = new Set(['page.js', ...(chunks.find(({ isEntry }) => isEntry)?.imports ?? [])])
  return new Map(chunks.map(({ fileName, code }) => [fileName, { code, isFirst: first.has(fileName) }]))
}
