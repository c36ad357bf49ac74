import { transformSync } from 'esbuild'
import ts from 'typescript'

/** From where to where something is left out. */
type Range = readonly [from: number, to: number]

/** Where a node holds TypeScript of its own; what is in it is looked at for itself. */
function* typesAt(node: ts.Node): Generator<Range> {
  if (isErased(node)) yield [node.getStart(), node.getEnd()]
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    yield [node.expression.getEnd(), node.getEnd()]
  if (ts.isNonNullExpression(node)) yield [node.expression.getEnd(), node.getEnd()]
  if (ts.isImportSpecifier(node) && node.isTypeOnly) {
    const comma = /^\s*,/.exec(node.getSourceFile().text.slice(node.getEnd()))
    yield [node.getStart(), node.getEnd() + (comma?.[0].length ?? 0)]
  }
  if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
    const from = node.name.getEnd()
    if (node.type) yield [from, node.type.getEnd()]
    else if (ts.isParameter(node) && node.questionToken) yield [from, node.questionToken.getEnd()]
  }
  if (ts.isFunctionLike(node)) {
    if (node.typeParameters) yield [node.typeParameters.pos - 1, node.typeParameters.end + 1]
    const colon = node.getChildren().find((child) => child.kind === ts.SyntaxKind.ColonToken)
    if (node.type && colon) yield [colon.getStart(), node.type.getEnd()]
  }
  if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.typeArguments)
    yield [node.typeArguments.pos - 1, node.typeArguments.end + 1]
}

const isErased = (node: ts.Node) =>
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly === true) ||
  (ts.isFunctionDeclaration(node) && node.body === undefined)

/**
 * A script without its types, all else as it was: a compiler would take comments along, and some of them are
 * conditions for a platform.
 * @throws Error when what is left is no JavaScript
 */
export function blankTypes(code: string): string {
  const ranges: Range[] = []
  const look = (node: ts.Node) => {
    const own = [...typesAt(node)]
    ranges.push(...own)
    ts.forEachChild(node, (child) => {
      if (!own.some(([from, to]) => from <= child.getStart() && child.getEnd() <= to)) look(child)
    })
  }
  look(ts.createSourceFile('script.ts', code, ts.ScriptTarget.Latest, true))
  let left = code
  for (const [from, to] of ranges.sort(([a], [b]) => b - a)) left = left.slice(0, from) + left.slice(to)
  transformSync(left, { loader: 'js' })
  return left
}
