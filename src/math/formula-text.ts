import type { FormulaNode, FormulaShape, RichNode } from '../composables/formulas.js'

/**
 * A formula as one string, which `formula.wxs` turns to nodes of rich-text, the same at every fold: its different styles, separated by `|`, then the parts, each
 * behind a backtick: `3` opens an element with the third style, `3 x` is one around a text, nothing closes.
 */
export function formulaText(formula: FormulaNode): string {
  const styles = new Map<string, number>()

  function write(node: FormulaNode): string {
    const style = flatStyle(node)
    const index = styles.get(style) ?? styles.size
    styles.set(style, index)
    if ('text' in node) return `\`${index} ${plain(node.text)}`
    return `\`${index}${'children' in node ? node.children.map(write).join('') : ''}\``
  }

  const parts = write(formula)
  return [...styles.keys()].join('|') + parts
}

/** KaTeX makes a quotation mark of every backtick itself; controls show nothing. */
const plain = (text: string) => text.replace(/`/g, '‘').replace(/[\n\u007f]/g, ' ')

export function richNode(node: FormulaNode): RichNode {
  const children: RichNode[] =
    'text' in node
      ? [{ type: 'text', text: node.text }]
      : 'children' in node
        ? node.children.map(richNode)
        : []
  return { name: 'span', attrs: { style: flatStyle(node) }, children }
}

/** `<rich-text>` knows no SVG: a shape is the text's colour seen through a mask. */
function flatStyle(node: FormulaNode): string {
  if (!('shape' in node)) return node.style
  // Only with the prefix: every WebView knows it, and the image would be sent twice.
  return `${node.style};background:currentColor;-webkit-mask:url('${imageOf(node.shape)}') 0 0/100% 100% no-repeat`
}

function imageOf({ viewBox, aspect, paths, lines }: FormulaShape): string {
  const box = viewBox ? ` viewBox='${viewBox}'` : ''
  const drawn = paths
    .map((data) => `<path d='${data}'/>`)
    .concat(
      lines.map(
        ({ x1, y1, x2, y2, width }) =>
          `<line x1='${x1}' y1='${y1}' x2='${x2}' y2='${y2}' stroke='red' stroke-width='${width}'/>`,
      ),
    )
    .join('')
  const svg = `<svg xmlns='http://www.w3.org/2000/svg'${box} preserveAspectRatio='${aspect}'>${drawn}</svg>`
  return `data:image/svg+xml,${svg.replace(/[<>%']/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`
}
