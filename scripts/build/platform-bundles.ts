// Part of npm run check: what an app gets of the library on one platform, into .cache/platform-bundles, for size-limit.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build as minify } from 'esbuild'
import { build, type Rollup } from 'vite'
import { definesFor, definesWithout, type LeaveOut } from '../../src/vite/platform-defines.js'

const TARGET = 'es2018'
const FOLDER = '.cache/platform-bundles'

const bundles: readonly (readonly [name: string, platform: string, options?: LeaveOut])[] = [
  ['useSSEChannel', 'h5'],
  ['fetchTransport', 'h5'],
  ['useSSEChannel', 'mp-weixin'],
  ['useSSEChannel', 'mp-weixin', { leaveOut: ['fallbacks', 'tools'] }],
  ['useSSEChannel', 'mp-weixin', { leaveOut: ['fallbacks', 'tools', 'sentences'] }],
  ['uniRequestTransport', 'mp-weixin'],
]

/** As uni-app bundles it: Rollup, with what the Vite plugin tells of the platform. What the app has anyway stays out. */
async function bundle(name: string, platform: string, options: LeaveOut = {}): Promise<void> {
  const entry = `export { ${name} } from ${JSON.stringify(resolve('lib/index.js'))}`
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { ...definesFor(platform), ...definesWithout(options), 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'platform-bundle',
        enforce: 'pre',
        resolveId(id) {
          const vendored = VENDORED.find(([file]) => id.endsWith(file))
          if (vendored) return { id: vendored[1], external: true }
          return id.endsWith(ENTRY) ? ENTRY : null
        },
        load: (id) => (id === ENTRY ? entry : null),
      },
    ],
    build: {
      write: false,
      target: TARGET,
      lib: { entry: ENTRY, formats: ['es'], fileName: () => 'bundle.js' },
      rollupOptions: { external: ['vue'] },
    },
  })
  const [result] = [built].flat()
  if (!result || !('output' in result)) throw new Error(`${name} for ${platform} was not built`)
  const chunks = result.output.flatMap((file) => (file.type === 'chunk' ? [file] : []))
  const atOnce = withImports('bundle.js', chunks)
  const write = async (suffix: string, some: readonly Rollup.OutputChunk[]) => {
    if (some.length === 0) return
    const codes = await Promise.all(some.map(({ code }) => compact(code)))
    const without = (options.leaveOut ?? []).map((part) => `.no-${part}`).join('')
    writeFileSync(join(FOLDER, `${name}.${platform}${without}${suffix}.js`), codes.join(''))
  }
  // What the page loads, and what is loaded when a run needs it.
  await write(
    '',
    chunks.filter(({ fileName }) => atOnce.has(fileName)),
  )
  await write(
    '.later',
    chunks.filter(({ fileName }) => !atOnce.has(fileName)),
  )
}

/** Vite leaves the spaces of a library's bundle. */
async function compact(contents: string): Promise<string> {
  const { outputFiles } = await minify({
    stdin: { contents },
    minify: true,
    format: 'esm',
    target: TARGET,
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** The file, and all that it imports statically. */
function withImports(
  fileName: string,
  chunks: readonly Rollup.OutputChunk[],
  found = new Set<string>(),
): Set<string> {
  if (found.has(fileName)) return found
  found.add(fileName)
  const imports = chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? []
  for (const each of imports) withImports(each, chunks, found)
  return found
}

const ENTRY = 'platform-bundle-entry'

/** Measured apart from the library, as Vue is. */
const VENDORED: readonly (readonly [file: string, name: string])[] = [
  ['vendored/pinia.js', 'pinia'],
  ['vendored/vueuse-core.js', '@vueuse/core'],
]

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
for (const each of bundles) await bundle(...each)
