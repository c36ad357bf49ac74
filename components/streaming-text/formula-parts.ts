import type { FormulaNode } from 'uni-sse-channel'

interface Branch {
  readonly style: string
  readonly children: FormulaNode[]
}

/** In the view of App: a formula that crossed as text. See src/math/formula-text.ts. */
export function formulaParts(text: string): FormulaNode {
  const [first = '', ...parts] = text.split('`')
  const styles = first.split('|')
  const root: Branch = { style: '', children: [] }
  const open: Branch[] = [root]
  for (const part of parts) {
    const inner = open[open.length - 1] ?? root
    const style = styles[parseInt(part)] ?? ''
    const space = part.indexOf(' ')
    if (!part) open.pop()
    else if (space >= 0) inner.children.push({ style, text: part.slice(space + 1) })
    else {
      const branch = { style, children: [] }
      inner.children.push(branch)
      open.push(branch)
    }
  }
  return root.children[0] ?? root
}
