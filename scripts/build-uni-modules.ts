// npm run build:uni-modules: the package as HBuilderX and the plug-in market take it, without npm. Takes lib/ as built. [FOLDER] [LIB]
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { reachable } from './build/reachable.js'
import { builtForConditions, loadedConditions } from './uni-modules/built-for.js'
import { buildKatex } from './uni-modules/katex.js'
import { marketChangelog } from './uni-modules/market-changelog.js'
import { marketManifest } from './uni-modules/market-manifest.js'
import { writeCloudFolder } from './uni-modules/cloud-folder.js'
import { withoutTypes } from './uni-modules/without-types.js'

const output = process.argv[2] ?? 'dist/uni_modules/uni-sse-channel'
const library = process.argv[3] ?? 'lib'
const sdk = join(output, 'js_sdk')

/** What a page may import, by name of the file beside readme.md; the module of the library behind it. */
const ENTRIES = {
  index: 'index',
  client: 'client',
  markdown: 'markdown',
  highlight: 'highlight',
  math: 'math',
  unicloud: 'unicloud/index',
} as const

const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
const writeJson = (path: string, value: object) => write(path, `${JSON.stringify(value, null, 2)}\n`)

function copyLibrary(): void {
  const modules = Object.values(ENTRIES)
  const files = [
    ...reachable(modules.map((name) => `${library}/${name}.js`)),
    ...reachable(modules.map((name) => `${library}/${name}.d.ts`)),
    `${library}/vendored/LICENSE`,
    `${library}/vite/plugin.cjs`,
  ]
  for (const path of files) cpSync(path, join(sdk, relative(library, path)))
  for (const [name, conditions] of [
    ['core/built-for.js', builtForConditions],
    ['run/load-engine.js', loadedConditions],
  ] as const)
    write(join(sdk, name), conditions(readFileSync(join(sdk, name), 'utf8')))
  for (const [name, module] of Object.entries(ENTRIES))
    for (const extension of ['js', 'd.ts'])
      write(join(output, `${name}.${extension}`), `export * from './js_sdk/${module}.js'\n`)
}

/** Easycom finds components by their folder; they import the library from beside them instead of by name. */
function copyComponents(): void {
  for (const name of readdirSync('components', { recursive: true, encoding: 'utf8' })) {
    const path = join('components', name)
    if (!/\.\w+$/.test(name)) continue
    const toRoot = relative(dirname(join(output, path)), output)
    const text = readFileSync(path, 'utf8')
    const source = (name.endsWith('.vue') ? withoutTypes(text, resolve(path)) : text).replace(
      /(['"])uni-sse-channel(?:\/([\w/]+))?\1/g,
      (_all, quote: string, entry = 'index') =>
        `${quote}${toRoot}/js_sdk/${ENTRIES[entry as keyof typeof ENTRIES]}.js${quote}`,
    )
    write(
      join(output, path),
      source.replace(/(['"])katex\/dist\/fonts\//g, `$1${toRoot}/js_sdk/vendored/fonts/`),
    )
  }
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; license: string }
rmSync(output, { recursive: true, force: true })
copyLibrary()
copyComponents()
await buildKatex(join(sdk, 'vendored'))
writeCloudFolder(join(output, 'uniCloud'), manifest.version, library)
writeJson(join(output, 'package.json'), marketManifest(manifest))
write(join(output, 'changelog.md'), marketChangelog(manifest.version))
cpSync('scripts/uni-modules/readme.md', join(output, 'readme.md'))
cpSync('LICENSE', join(output, 'LICENSE'))
cpSync('snippets/hbuilderx-vue.json', join(output, 'snippets/hbuilderx-vue.json'))
console.log(`${output}: copy it into uni_modules/ of a project, or import it in HBuilderX`)
