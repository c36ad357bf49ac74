// npm run api: what each entry of lib/ exports, into api/. With --check: fails where that is not what is there.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { apiOf } from './api/api-of.js'

const FOLDER = 'api'

/** Type files by entry, as package.json names them. */
function entries(): Map<string, string> {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> }
  const found = new Map<string, string>()
  for (const [name, target] of Object.entries(exports)) {
    const types = (target as { import?: { types?: string } }).import?.types
    if (types !== undefined) found.set(name === '.' ? 'index' : name.slice(2).replace(/\//g, '-'), types)
  }
  for (const component of readdirSync('lib/components'))
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

if (process.argv.includes('--check')) {
  const read = (name: string) =>
    existsSync(join(FOLDER, name)) ? readFileSync(join(FOLDER, name), 'utf8') : undefined
  const written = existsSync(FOLDER) ? readdirSync(FOLDER) : []
  const others = [...new Set([...reports.keys(), ...written])].filter(
    (name) => read(name) !== reports.get(name),
  )
  if (others.length > 0) {
    console.error(`The public API has changed: ${others.map((name) => basename(name, '.md')).join(', ')}.`)
    console.error(
      'If that is meant: npm run api, look at what differs in api/, and commit it with a changeset.',
    )
    process.exit(1)
  }
} else {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER)
  for (const [name, text] of reports) writeFileSync(join(FOLDER, name), text)
}
