// npm run api: what each entry of lib/ exports, into api/, and what editors are told of the components. With --check: fails where that is not what is there.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { apiOf } from './api/api-of.js'
import { webTypesOf } from './api/web-types-of.js'

const FOLDER = 'api'
const WEB_TYPES = 'web-types.json'

/** Folders of components; beside them are those that several share. */
const components = () =>
  readdirSync('components').filter((name) => existsSync(`components/${name}/${name}.vue`))

/** Type files by entry, as package.json names them. */
function entries(): Map<string, string> {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> }
  const found = new Map<string, string>()
  for (const [name, target] of Object.entries(exports)) {
    const types = (target as { import?: { types?: string } }).import?.types
    if (types !== undefined) found.set(name === '.' ? 'index' : name.slice(2).replace(/\//g, '-'), types)
  }
  for (const component of components())
    found.set(component, `lib/components/${component}/${component}.vue.d.ts`)
  return found
}

const title = (name: string) => `# ${name}\n\nWritten by \`npm run api\`. Not by hand.\n`

const reports = new Map<string, string>()
const files = entries()
const program = ts.createProgram([...files.values()], {
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  skipLibCheck: true,
  types: [],
})
for (const [name, path] of files)
  reports.set(`${name}.md`, `${title(name)}\n\`\`\`ts\n${apiOf(program, path, 'lib')}\n\`\`\`\n`)

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'name' | 'version',
  string
>
const sources = components().map(
  (tag) => [tag, readFileSync(`components/${tag}/${tag}.vue`, 'utf8')] as const,
)
const webTypes = `${JSON.stringify(webTypesOf({ name, version }, sources), null, 2)}\n`

const texts = new Map([...reports].map(([file, text]) => [join(FOLDER, file), text])).set(WEB_TYPES, webTypes)

if (process.argv.includes('--check')) {
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)
  const written = existsSync(FOLDER) ? readdirSync(FOLDER).map((file) => join(FOLDER, file)) : []
  const others = [...new Set([...texts.keys(), ...written])].filter((path) => read(path) !== texts.get(path))
  if (others.length > 0) {
    console.error(`The public API is not as it is written in ${others.join(', ')}.`)
    console.error('If that is meant: npm run api, look at what differs, and commit it with a changeset.')
    process.exit(1)
  }
} else {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER)
  for (const [path, text] of texts) writeFileSync(path, text)
}
