import { build, type Rollup } from 'vite'
import { expect, test } from 'vitest'
import { pieceNames } from '../../src/vite/piece-names.js'

/** A page that loads a piece, which uni-app names after where it lies. */
async function importedName(named: string): Promise<string> {
  const sources: Record<string, string> = {
    'a-page': `export const piece = () => import('a-piece')`,
    'a-piece': 'export const text = "here"',
  }
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'sources',
        resolveId: (id) => (id in sources ? id : null),
        load: (id) => sources[id] ?? null,
      },
      pieceNames(),
    ],
    build: {
      write: false,
      modulePreload: false,
      minify: false,
      rollupOptions: {
        input: 'a-page',
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'assets/page.js', chunkFileNames: () => named },
      },
    },
  })
  const [result] = [built].flat() as Rollup.RollupOutput[]
  const page = result?.output.find(({ fileName }) => fileName === 'assets/page.js') as Rollup.OutputChunk
  return /import\((?:'|")([^'"]+)/.exec(page.code)?.[1] ?? page.code
}

test('a piece that lies above the sources of an app is asked for by a path that a browser can find', async () => {
  expect(await importedName('assets/..-node_modules-lib-engine.js')).toBe('./node_modules-lib-engine.js')
  expect(await importedName('assets/..-..-lib-engine.js')).toBe('./lib-engine.js')
  expect(await importedName('assets/pages-chat-chat.js')).toBe('./pages-chat-chat.js')
})
