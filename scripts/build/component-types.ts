import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Entries that are not a file of their own name. */
const ENTRY_FILES: Readonly<Record<string, string>> = { unicloud: 'unicloud/index' }

/**
 * Publishes the types of components, and makes them known to every template of a project that imports the library.
 * The components' sources would be checked under the options of the project that uses them.
 * @param compiled folder that vue-tsc wrote to
 * @param names of components whose folder and file are called the same, as easycom wants it
 */
export function writeComponentTypes(compiled: string, names: readonly string[], folder: string): void {
  const written = new Set<string>()
  /** One file of types, and those beside it that it takes from. */
  function write(path: string) {
    if (written.has(path)) return
    written.add(path)
    const types = readFileSync(join(compiled, path), 'utf8')
      .replace(
        /(['"])uni-sse-channel(?:\/([a-z]+))?\1/g,
        (_all, _quote, entry = 'index') => `'../../${ENTRY_FILES[entry as string] ?? entry}.js'`,
      )
      .replace(/((?:from |import\()['"]\.\.?\/(?!\.\.\/)[\w./-]*?)(?:\.js)?(?=['"])/g, '$1.js')
    for (const [, , target = ''] of types.matchAll(/(?:from |import\()(['"])(.*?)\1/g)) {
      if (target === 'vue' || target.startsWith('../../')) continue
      if (!/^\.\.?\/.*\.js$/.test(target))
        throw new Error(`${path} needs the types of ${target}, which are not published`)
      write(join(dirname(path), target.replace(/\.js$/, '.d.ts')))
    }
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), types)
  }
  for (const name of names) write(`components/${name}/${name}.vue.d.ts`)
  const known = names.map(
    (name) => `    ${pascalCase(name)}: (typeof import('./components/${name}/${name}.vue.js'))['default']`,
  )
  // A style sheet that is imported for its effect has types too.
  for (const extension of ['d.ts', 'd.cts'])
    writeFileSync(join(folder, `math-css.${extension}`), 'export {}\n')
  appendFileSync(join(folder, 'index.d.ts'), globalComponents(known))
}

const globalComponents = (members: readonly string[]) => `declare module 'vue' {
  interface GlobalComponents {
${members.join('\n')}
  }
}
`

const pascalCase = (name: string) =>
  name.replace(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase())
