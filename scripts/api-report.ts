// npm run api: what each entry of lib/ exports, into api/, the reference of the documents, and what editors are told of the components. With --check: fails where that is not what is there.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { apiOf } from './api/api-of.js'
import { referencePages } from './api/reference-pages.js'
import { componentTypesOf, webTypesOf } from './api/web-types-of.js'

/** All that is in these was written here. */
const FOLDERS = ['api', 'docs/api', 'docs/zh/api']
const WEB_TYPES = 'web-types.json'

const { name, version, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, { readonly import?: { readonly types?: string } }>>
}

/** Type files by entry, as package.json names them. */
const entries = new Map(
  Object.entries(exports).flatMap(([entry, target]) => {
    const types = target.import?.types
    return types === undefined ? [] : [[entry, types] as const]
  }),
)
/** Folders of components; beside them are those that several share. */
const tags = readdirSync('components').filter((name) => existsSync(`components/${name}/${name}.vue`))
const componentTypes = (tag: string) => `lib/components/${tag}/${tag}.vue.d.ts`
const components = new Map(
  tags.map((tag) => [tag, componentTypesOf(tag, readFileSync(`components/${tag}/${tag}.vue`, 'utf8'))]),
)
const program = ts.createProgram([...entries.values(), ...tags.map(componentTypes)], {
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  skipLibCheck: true,
  types: [],
})

const reports = [...entries]
  .map(([entry, types]) => [entry === '.' ? 'index' : entry.slice(2).replace(/\//g, '-'), types] as const)
  .concat(tags.map((tag) => [tag, componentTypes(tag)]))
  .map(([title, types]) => {
    const api = apiOf(program, types, 'lib')
    return [
      `api/${title}.md`,
      `# ${title}\n\nWritten by \`npm run api\`. Not by hand.\n\n\`\`\`ts\n${api}\n\`\`\`\n`,
    ] as const
  })
const { pages, silent } = referencePages(program, entries, components)
const webTypes = `${JSON.stringify(webTypesOf({ name, version }, [...components.values()]), null, 2)}\n`
const texts = new Map([...reports, ...pages, [WEB_TYPES, webTypes]])

if (silent.length > 0) {
  console.error(`What is public has a comment that says what it is. These have none: ${silent.join(', ')}.`)
  process.exitCode = 1
}
if (process.argv.includes('--check')) {
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)
  const written = FOLDERS.filter(existsSync).flatMap((folder) =>
    readdirSync(folder).map((file) => join(folder, file)),
  )
  const others = [...new Set([...texts.keys(), ...written])].filter((path) => read(path) !== texts.get(path))
  if (others.length > 0) {
    console.error(`The public API is not as it is written in ${others.join(', ')}.`)
    console.error('If that is meant: npm run api, look at what differs, and commit it with a changeset.')
    process.exitCode = 1
  }
} else {
  for (const folder of FOLDERS) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  }
  for (const [path, text] of texts) writeFileSync(path, text)
}
