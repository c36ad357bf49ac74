import { existsSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { sjsOf, viewScripts } from '../../scripts/view-script-files.js'
import { compact } from '../../src/vite/compact-view-scripts.js'

const { SyntaxKind } = ts

/** What the languages of view scripts lack: WXS all of it, Alipay's and Douyin's SJS some. */
const REFUSED = new Set([
  ...[
    SyntaxKind.ArrowFunction,
    SyntaxKind.ClassDeclaration,
    SyntaxKind.NewExpression,
    SyntaxKind.TryStatement,
  ],
  ...[SyntaxKind.TemplateExpression, SyntaxKind.NoSubstitutionTemplateLiteral, SyntaxKind.SpreadElement],
  ...[SyntaxKind.RegularExpressionLiteral, SyntaxKind.ForOfStatement, SyntaxKind.ForInStatement],
  ...[
    SyntaxKind.ObjectBindingPattern,
    SyntaxKind.ArrayBindingPattern,
    SyntaxKind.ShorthandPropertyAssignment,
  ],
  ...[SyntaxKind.AwaitExpression, SyntaxKind.YieldExpression, SyntaxKind.ThrowStatement],
  ...[SyntaxKind.DeleteExpression, SyntaxKind.QuestionDotToken, SyntaxKind.QuestionQuestionToken],
])
/** Methods that each of them has; more exist in a browser, and in the tests' host. */
const METHODS = new Set(
  'indexOf lastIndexOf substring charAt charCodeAt split join push pop length exports'.split(' '),
)
const GLOBALS = new Set(['module', 'parseInt'])

/** What a script says that a view's language does not take. */
function refused(source: string): string[] {
  const file = ts.createSourceFile('view.js', source, ts.ScriptTarget.ES5, true)
  const found: string[] = []
  const declared = new Set<string>(GLOBALS)
  const own = new Set<string>()
  const visit = (node: ts.Node, see: (node: ts.Node) => void) => {
    see(node)
    node.forEachChild((child) => visit(child, see))
  }
  visit(file, (node) => {
    if (
      (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)) &&
      node.name
    )
      declared.add(node.name.getText())
    if (ts.isPropertyAssignment(node)) own.add(node.name.getText())
  })
  visit(file, (node) => {
    if (REFUSED.has(node.kind)) found.push(node.getText())
    if (ts.isVariableDeclarationList(node) && node.flags & ts.NodeFlags.BlockScoped)
      found.push(node.getText())
    if (ts.isPropertyAccessExpression(node) && !METHODS.has(node.name.text) && !own.has(node.name.text))
      found.push(node.getText())
    const isName = ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent)
    if (isName && !ts.isPropertyAssignment(node.parent) && !declared.has(node.text)) found.push(node.text)
  })
  return found
}

/** What a view would run. */
function foldBy(script: string): (log: readonly string[]) => unknown[] {
  const module = { exports: {} as { blocks(log: readonly string[]): unknown[] } }
  new Function('module', script)(module)
  return (log) => module.exports.blocks(log)
}

describe('view scripts', () => {
  it.each(viewScripts())('keep to what every view language knows', ({ source }) => {
    expect(refused(source)).toEqual([])
  })

  it.each(viewScripts())('say nothing more when the build has made them small', async ({ source }) => {
    for (const script of [source, sjsOf(source)]) {
      const small = await compact(script)
      expect(small.length).toBeLessThan(source.length * 0.7)
      expect(refused(small)).toEqual([])
      expect(small).not.toMatch(/\\x|\d[eE]\d|\bvoid\b/)
    }
  })

  it('fold as before when the build has made them small', async () => {
    const source = viewScripts()[0]?.source ?? ''
    const log = [
      '\u007fP.Qo12; See \u007fb',
      'this\u007f@ahttps://a.b ',
      'link',
      '\u007fT~|lr \u007f=a\u007f|b\u007fW3,4 ',
    ]
    const folded = foldBy(await compact(source))(log)
    expect(folded).toEqual(foldBy(source)(log))
    expect(folded).toHaveLength(2)
  })

  it('the list refuses what these languages lack', () => {
    expect(refused('const a = (b) => b')).toHaveLength(2)
    expect(refused('var a = "b".replace(/c/, "")')).toHaveLength(2)
    expect(refused('var a = Object.keys({})').length).toBeGreaterThan(0)
  })

  it.each(viewScripts())('are the same on Alipay, but for how they export', ({ source, sjs }) => {
    expect(existsSync(sjs) && readFileSync(sjs, 'utf8')).toBe(sjsOf(source))
  })
})
