import ts from 'typescript'

/** Which folders of src a folder may take from, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  messages: ['core'],
  platform: ['core'],
  vendors: ['core', 'messages'],
  decoders: ['core', 'messages', 'vendors'],
  markdown: ['core'],
  server: ['core', 'messages', 'vendors'],
  conformance: ['core'],
  command: ['conformance'],
  development: ['core', 'platform'],
  transports: ['core', 'platform', 'development'],
}

/** Scripts that are themselves tests; what the others run must not be. */
const testRuns: readonly string[] = ['scripts/faults.ts', 'scripts/cluster-faults.ts']

const mayTouchPlatform: readonly string[] = ['transports', 'platform', 'unicloud']
const platformNames: ReadonlySet<string> = new Set([
  'uni',
  'wx',
  'tt',
  'my',
  'plus',
  'document',
  'window',
  'navigator',
])

/**
 * What in this file breaks the folder rule, one sentence each.
 * @param path from the project's root, `/` between folders
 */
export function importViolations(path: string, source: string): string[] {
  // Of a component only its script imports.
  const script = path.endsWith('.vue')
    ? [...source.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map((m) => m[1]).join('\n')
    : source
  const file = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true)
  const violations: string[] = []
  const used = new Set<string>()
  const own = new Set<string>()
  const [top = '', second = ''] = path.split('/')
  const folder = top === 'src' && path.split('/').length > 2 ? second : top === 'src' ? 'entry' : top

  const forbid = (why: string) => violations.push(`${path}: ${why}`)

  function check(specifier: string) {
    const target = resolve(path, specifier)
    if (!target) {
      if (folder === 'core') forbid(`core takes ${specifier}`)
      return
    }
    const [targetTop = '', targetSecond = ''] = target.split('/')
    const targetFolder = targetTop === 'src' ? targetSecond : targetTop
    if (targetTop === 'pages' && folder !== 'pages') return forbid(`${folder} takes pages`)
    if (targetTop === 'test' && !testRuns.includes(path)) return forbid(`${folder} takes test`)
    if (top !== 'src') return
    if (targetTop !== 'src') return forbid(`${folder} takes ${targetTop}`)
    if (folder === targetFolder) return
    const may = allowed[folder]
    if (may ? !may.includes(targetFolder) : targetFolder === 'server')
      forbid(`${folder} takes ${targetFolder}`)
  }

  function visit(node: ts.Node) {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
      check((node.moduleSpecifier as ts.StringLiteral).text)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      check((node.argument.literal as ts.StringLiteral).text)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments
      if (argument && ts.isStringLiteral(argument)) check(argument.text)
    }
    if (ts.isIdentifier(node)) {
      if (isDeclared(node)) own.add(node.text)
      else if (isValue(node)) used.add(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  if (top === 'src' && !mayTouchPlatform.includes(folder))
    for (const name of platformNames) if (used.has(name) && !own.has(name)) forbid(`uses ${name}`)
  return violations
}

/** The name of a variable, parameter or function of the file itself. */
function isDeclared({ parent, text }: ts.Identifier): boolean {
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionDeclaration(parent)
  return declares && parent.name !== undefined && ts.isIdentifier(parent.name) && parent.name.text === text
}

/** Stands for a value: not a property, a key or a part of a type. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)) return false
  return (parent as ts.NamedDeclaration).name !== node
}

function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('@/')) return specifier.slice(2)
  if (specifier === 'uni-sse-channel/server') return 'src/server/index'
  if (specifier === 'uni-sse-channel' || specifier === 'uni-sse-channel/client') return 'src/entry/index'
  if (!specifier.startsWith('.')) return undefined
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  // A file beside the folders, as src/index.ts, is an entry.
  return parts.length === 2 && parts[0] === 'src' ? `src/entry/${parts[1]}` : parts.join('/')
}
