import { resolve, sep } from 'node:path'
import ts from 'typescript'
import { declarationText } from './api-of.js'
import { publicSymbols } from './public-symbols.js'

/** What is written above a declaration. */
export interface Comment {
  /** Paragraphs; empty where nothing is written. */
  readonly text: string
  /** Tags in their order: `throws`, `param`, `example`, `see`, … */
  readonly tags: readonly { readonly name: string; readonly text: string }[]
}

export interface Member extends Comment {
  /** As it is declared, without comments of its own: `url?: string`. */
  readonly code: string
}

export interface Described extends Comment {
  readonly name: string
  readonly kind: 'function' | 'class' | 'value' | 'type'
  readonly isExported: boolean
  /** The declaration; empty where `members` say it all. */
  readonly code: string
  readonly members: readonly Member[]
}

/**
 * What a type file exports and mentions, with its comments, sorted by name.
 * @param folder whose declarations are ours: those of other packages are left out
 */
export function referenceOf(program: ts.Program, path: string, folder: string): readonly Described[] {
  const checker = program.getTypeChecker()
  /** What a class has of the language, such as the stack of an error, is not told. */
  const isOurs = (node: ts.Node) => resolve(node.getSourceFile().fileName).startsWith(resolve(folder) + sep)
  const { exported, mentioned, statementsOf } = publicSymbols(program, path, folder)

  const commentOf = (symbol: ts.Symbol): Comment => ({
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    tags: symbol.getJsDocTags(checker).map((tag) => ({ name: tag.name, text: tagText(tag) })),
  })

  function membersOf(symbol: ts.Symbol): readonly Member[] {
    const declared = statementsOf(symbol)
    const isShape = declared.some(
      (node) =>
        ts.isInterfaceDeclaration(node) ||
        ts.isClassDeclaration(node) ||
        (ts.isTypeAliasDeclaration(node) && !isChoice(node.type)),
    )
    if (!isShape) return []
    return checker
      .getDeclaredTypeOfSymbol(symbol)
      .getProperties()
      .filter((property) => (property.declarations ?? []).some(isOurs))
      .map((property) => ({ ...commentOf(property), code: memberCode(property) }))
      .filter(({ code }) => code !== '')
  }

  /** All overloads of a method, one a line. */
  const memberCode = (property: ts.Symbol) =>
    (property.declarations ?? [])
      .filter((node) => !(ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Private))
      .map(textOf)
      .join('\n')

  function describe([symbol, name]: readonly [ts.Symbol, string], isExported: boolean): readonly Described[] {
    const declared = statementsOf(symbol)
    if (declared.length === 0) return []
    const members = membersOf(symbol)
    const code = members.length > 0 ? headText(declared) : declared.map(declarationText).join('\n')
    const called = name === 'default' ? symbol.name : name
    return [{ ...commentOf(symbol), name: called, kind: kindOf(symbol), isExported, code, members }]
  }

  return [
    ...[...exported].flatMap((entry) => describe(entry, true)),
    ...[...mentioned].flatMap((entry) => describe(entry, false)),
  ].sort((one, other) => (one.name < other.name ? -1 : 1))
}

function kindOf({ flags }: ts.Symbol): Described['kind'] {
  if (flags & ts.SymbolFlags.Class) return 'class'
  if (flags & ts.SymbolFlags.Function) return 'function'
  return flags & ts.SymbolFlags.Variable ? 'value' : 'type'
}

/** Its members would be those that all of its sides have. */
const isChoice = (type: ts.TypeNode) => ts.isUnionTypeNode(type) || ts.isFunctionTypeNode(type) || !isObject(type)

const isObject = (type: ts.TypeNode): boolean =>
  ts.isTypeLiteralNode(type) ||
  ts.isTypeReferenceNode(type) ||
  (ts.isIntersectionTypeNode(type) && type.types.every(isObject))

/** `@see docs/a.md` is read by TypeScript as the name `docs` and a text behind it. */
const tagText = ({ name, text }: ts.JSDocTagInfo) => {
  const said = ts.displayPartsToString(text).trim()
  return name === 'see' ? said.replace(/^(\w+) (?=[:/])/, '$1') : said
}

const textOf = (node: ts.Node) =>
  node
    .getText()
    .replace(/;$/, '')
    .replace(/^(?:readonly|declare|static) /, '')

/** The first line of a declaration whose members follow. */
const headText = (nodes: readonly ts.Node[]) =>
  nodes
    .map((node) => (ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type) ? '' : declarationText(node)))
    .map((text) => (/^(?:interface|(?:abstract )?class) [^{]*(?=\{)/.exec(text)?.[0] ?? text).trim())
    .join('\n')
