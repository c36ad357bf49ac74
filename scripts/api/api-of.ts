import ts from 'typescript'
import { publicSymbols } from './public-symbols.js'

const printer = ts.createPrinter({ removeComments: true })

/** A declaration as a line or more of code, without comments and without the words that make it an export. */
export const declarationText = (node: ts.Node): string =>
  printer
    .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .replace(/^(?:export )?(?:default )?(?:declare )?/, '')

/**
 * What a type file exports, and below it what those declarations mention without its being exported, each sorted by
 * name, without comments: a text that changes when, and only when, the API does.
 * @param folder whose declarations are ours: of other packages only the name is told
 * @throws {Error} where the file is not in the program, or is no module
 */
export function apiOf(program: ts.Program, path: string, folder: string): string {
  const { exported, mentioned, statementsOf } = publicSymbols(program, path, folder)

  const section = (symbols: ReadonlyMap<ts.Symbol, string>) =>
    [...symbols]
      .sort(([, one], [, other]) => (one < other ? -1 : 1))
      .map(([symbol, name]) => text(symbol, name))
      .join('\n\n')

  function text(symbol: ts.Symbol, name: string): string {
    const own = statementsOf(symbol)
    if (own.length === 0) return `// ${name}: of another package`
    const printed = own.map(declarationText)
    return name === symbol.name || name === 'default'
      ? printed.join('\n')
      : [`// ${name}:`, ...printed].join('\n')
  }

  const below = section(mentioned)
  return section(exported) + (below && `\n\n// Not exported, but mentioned above:\n\n${below}`)
}
