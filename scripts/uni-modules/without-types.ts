import ts from 'typescript'
import { compileScript, parse, registerTS } from 'vue/compiler-sfc'
import { blankTypes } from './blank-types.js'

registerTS(() => ts)

/** What the compiler makes of the types of props and events: options of the same meaning. */
function declared(source: string, path: string): ReadonlyMap<string, string> {
  const { descriptor } = parse(source, { filename: path })
  if (!descriptor.scriptSetup) return new Map()
  const { content } = compileScript(descriptor, { id: path, inlineTemplate: false })
  const options = new Map<string, string>()
  const look = (node: ts.Node) => {
    if (ts.isPropertyAssignment(node)) {
      const name = node.name.getText()
      if (!options.has(name)) options.set(name, node.initializer.getText())
    } else if (!ts.isMethodDeclaration(node)) ts.forEachChild(node, look)
  }
  look(ts.createSourceFile('component.ts', content, ts.ScriptTarget.Latest, true))
  return options
}

/** A script whose props and events are declared by options instead of types. */
function declaring(code: string, options: ReadonlyMap<string, string>): string {
  const macros = new Map([
    ['withDefaults', 'props'],
    ['defineProps', 'props'],
    ['defineEmits', 'emits'],
  ])
  const edits: { readonly node: ts.Node; readonly text: string }[] = []
  const look = (node: ts.Node): void => {
    const option = ts.isCallExpression(node) ? macros.get(node.expression.getText()) : undefined
    if (option === undefined) return ts.forEachChild(node, look)
    const macro = option === 'props' ? 'defineProps' : 'defineEmits'
    edits.push({ node, text: `${macro}(${options.get(option) ?? ''})` })
  }
  look(ts.createSourceFile('setup.ts', code, ts.ScriptTarget.Latest, true))
  return edits.reduceRight(
    (left, { node, text }) => left.slice(0, node.getStart()) + text + left.slice(node.getEnd()),
    code,
  )
}

/**
 * A component in JavaScript. HBuilderX reads props from imported types only where its plugin for TypeScript is
 * installed, and builds nothing where it is not.
 * @param path of the component, beside which its imports are looked for
 */
export function withoutTypes(source: string, path: string): string {
  const options = declared(source, path)
  return source.replace(
    /(<script(?: setup)?) lang="ts">\n([\s\S]*?)(<\/script>)/g,
    (_all, open: string, code: string, close: string) =>
      `${open}>\n${blankTypes(declaring(code, options))}${close}`,
  )
}
