// Part of npm run build: what the library uses of other packages, inside it, so that installing it brings nothing along.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

/**
 * As dependencies they would bring peers that don't fit beside uni-app's Vue (Pinia, by vue-demi, one for Vue 2), and
 * Vue onto servers.
 */
const PACKAGES: readonly string[] = ['pinia', '@vueuse/core']

const VUE_DEMI_ONLY: Readonly<Record<string, string>> = {
  isVue2: 'false',
  isVue3: 'true',
  set: '(target, key, value) => (target[key] = value)',
  del: '(target, key) => { delete target[key] }',
}

/** Takes straight from Vue 3 what would come through `vue-demi`. Name by name: a mini-program's Vue lacks some. */
function withoutVueDemi(source: string): string {
  return source.replace(/import \{([^}]*)\} from 'vue-demi';?/g, (_all, list: string) => {
    const names = list.split(',').map((name) => name.trim())
    const own = names.filter((name) => name in VUE_DEMI_ONLY)
    const constants = own.map((name) => `const ${name} = ${VUE_DEMI_ONLY[name]};`)
    return `import { ${names.filter((name) => !own.includes(name)).join(', ')} } from 'vue'; ${constants.join(' ')}`
  })
}

/** Pinia's panel for browsers can't be shaken off, because it asks for `window` while it loads. */
const withoutDevtools = (source: string) =>
  source.replace(/const IS_CLIENT = typeof window !== 'undefined'/, 'const IS_CLIENT = false')

const plugin = (entry: string): Plugin => ({
  name: 'vendored',
  enforce: 'pre',
  // Vite makes the entry's name a path.
  resolveId: (id) => (basename(id) === ENTRY ? ENTRY : null),
  load: (id) => (id === ENTRY ? entry : null),
  transform: (code, id) => (/\.mjs$/.test(id) ? withoutDevtools(withoutVueDemi(code)) : null),
})
const ENTRY = 'vendored-entry'

const statement = (name: string) => new RegExp(`(import \\{)([^}]*)(\\} from ['"])${name}(['"];?)`, 'g')

/** Puts one file with what is used of each package into `vendored/` below the folder, and lets its modules import that. */
export async function buildVendored(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name))
  const inside = new Set<string>()
  for (const name of PACKAGES) {
    const target = join(folder, 'vendored', `${name.replace(/\W+/g, '-').replace(/^-/, '')}.js`)
    const used = new Set<string>()
    for (const file of files) {
      const source = readFileSync(file, 'utf8')
      const path = relative(dirname(file), target).replace(/^(?!\.)/, './')
      const changed = source.replace(
        statement(name),
        (_all, head: string, names: string, middle: string, end: string) => {
          for (const each of names.split(',')) used.add((each.split(' as ')[0] ?? '').trim())
          return head + names + middle + path + end
        },
      )
      if (changed !== source) writeFileSync(file, changed)
      if (new RegExp(`from ['"]${name}['"]`).test(changed))
        throw new Error(`${file}: ${name} is imported in a form unknown here`)
    }
    if (used.size > 0) for (const each of await bundle(name, [...used], target)) inside.add(each)
  }
  writeFileSync(join(folder, 'vendored', 'LICENSE'), [...inside].sort().map(licenceOf).join('\n'))
}

/** @returns the packages of which something is in the file now: those of packages may come along */
async function bundle(name: string, names: readonly string[], outfile: string): Promise<readonly string[]> {
  const written: string[] = []
  await build({
    configFile: false,
    logLevel: 'warn',
    // Without what is for development: the app's own tools see the store through the app's Pinia.
    define: { 'process.env.NODE_ENV': '"production"', __VUE_PROD_DEVTOOLS__: 'false' },
    plugins: [plugin(`export { ${names.join(', ')} } from '${name}'`), rendered(written)],
    build: {
      target: 'es2018',
      minify: false,
      emptyOutDir: false,
      outDir: dirname(outfile),
      lib: { entry: ENTRY, formats: ['es'], fileName: () => basename(outfile) },
      rollupOptions: {
        external: ['vue'],
        treeshake: { propertyReadSideEffects: false },
      },
    },
  })
  return written
}

/** Collects the packages whose code got into a bundle. */
const rendered = (found: string[]): Plugin => ({
  name: 'rendered',
  generateBundle(_options, files) {
    for (const file of Object.values(files))
      for (const [id, { renderedLength }] of Object.entries(file.type === 'chunk' ? file.modules : {})) {
        const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id.replace(/\\/g, '/'))?.[1]
        if (name !== undefined && renderedLength > 0) found.push(name)
      }
  },
})

/** What the licences ask for: their text, beside the code. */
function licenceOf(name: string): string {
  const text = readFileSync(new URL(`../../node_modules/${name}/LICENSE`, import.meta.url), 'utf8')
  return `=== ${name}\n\n${text.trim()}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildVendored(process.argv[2] ?? 'lib')
