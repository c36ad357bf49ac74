import { resolve, sep } from 'node:path'
import ts from 'typescript'

const printer = ts.createPrinter({ removeComments: true })

/**
 * What a type file exports, and below it what those declarations mention without its being exported, each sorted by
 * name, without comments: a text that changes when, and only when, the API does.
 * @param folder whose declarations are ours: of other packages only the name is told
 * @throws {Error} where the file is not in the program, or is no module
 */
export function apiOf(program: ts.Program, path: string, folder: string): string {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(path)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${path} exports nothing. npm run build writes it.`)
  const isOurs = (node: ts.Node) => resolve(node.getSourceFile().fileName).startsWith(resolve(folder) + sep)
  const target = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [target(symbol), symbol.name]))
  const mentioned = new Map<ts.Symbol, string>()

  function collect(node: ts.Node): void {
    if (ts.isIdentifier(node)) mention(node)
    ts.forEachChild(node, collect)
  }

  function mention(name: ts.Identifier): void {
    const found = checker.getSymbolAtLocation(name)
    const symbol = found && target(found)
    if (!symbol || exported.has(symbol) || mentioned.has(symbol)) return
    const statements = statementsOf(symbol).filter(isOurs)
    if (statements.length === 0) return
    mentioned.set(symbol, symbol.name)
    statements.forEach(collect)
  }

  for (const symbol of exported.keys()) statementsOf(symbol).filter(isOurs).forEach(collect)

  const section = (symbols: ReadonlyMap<ts.Symbol, string>) =>
    [...symbols]
      .sort(([, one], [, other]) => (one < other ? -1 : 1))
      .map(([symbol, name]) => text(symbol, name))
      .join('\n\n')

  function text(symbol: ts.Symbol, name: string): string {
    const own = statementsOf(symbol).filter(isOurs)
    if (own.length === 0) return `// ${name}: of another package`
    const printed = own.map((node) =>
      printer
        .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
        .replace(/^(?:export )?(?:default )?(?:declare )?/, ''),
    )
    return name === symbol.name || name === 'default'
      ? printed.join('\n')
      : [`// ${name}:`, ...printed].join('\n')
  }

  const below = section(mentioned)
  return section(exported) + (below && `\n\n// Not exported, but mentioned above:\n\n${below}`)
}

/** The statements, at the top of a file, that declare it; none for parameters, members and the like. */
function statementsOf(symbol: ts.Symbol): ts.Node[] {
  return (symbol.declarations ?? []).flatMap((node) => {
    const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node
    return ts.isSourceFile(statement.parent ?? statement) && !ts.isSourceFile(statement) ? [statement] : []
  })
}
