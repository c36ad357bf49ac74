import { resolve, sep } from 'node:path'
import ts from 'typescript'

/** What a type file says to the outside. */
export interface PublicSymbols {
  /** What it exports, by the name it has there. */
  readonly exported: ReadonlyMap<ts.Symbol, string>
  /** What those declarations mention without its being exported. */
  readonly mentioned: ReadonlyMap<ts.Symbol, string>
  /** Statements of ours that declare a symbol; none for what is of another package. */
  readonly statementsOf: (symbol: ts.Symbol) => readonly ts.Node[]
}

/**
 * @param folder whose declarations are ours
 * @throws {Error} where the file is not in the program, or is no module
 */
export function publicSymbols(program: ts.Program, path: string, folder: string): PublicSymbols {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(path)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${path} exports nothing. npm run build writes it.`)
  const isOurs = (node: ts.Node) => resolve(node.getSourceFile().fileName).startsWith(resolve(folder) + sep)
  const target = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const statementsOf = (symbol: ts.Symbol) => declaringStatements(symbol).filter(isOurs)

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
    const statements = statementsOf(symbol)
    if (statements.length === 0) return
    mentioned.set(symbol, symbol.name)
    statements.forEach(collect)
  }

  for (const symbol of exported.keys()) statementsOf(symbol).forEach(collect)
  return { exported, mentioned, statementsOf }
}

/** The statements, at the top of a file, that declare it; none for parameters, members and the like. */
function declaringStatements(symbol: ts.Symbol): ts.Node[] {
  return (symbol.declarations ?? []).flatMap((node) => {
    const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node
    return ts.isSourceFile(statement.parent ?? statement) && !ts.isSourceFile(statement) ? [statement] : []
  })
}
