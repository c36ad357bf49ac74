import type { Formula, FormulaNode, FormulaOp, FormulaShape } from 'uni-sse-channel'

export type DomFormulaOp = Omit<FormulaOp, 'formula'> & { readonly formula: Pick<Formula, 'parts'> }

const SVG = 'http://www.w3.org/2000/svg'

/** Shows a formula in an element, in the place of what it holds. The source is its name, and what is copied. */
export function showFormula(host: HTMLElement, { look, source, formula }: DomFormulaOp): void {
  host.className = look.display ? 'st-formula st-formula--block' : 'st-formula'
  host.setAttribute('role', 'math')
  host.setAttribute('aria-label', source)
  if (look.display) host.tabIndex = 0
  const parts = elementOf(host.ownerDocument, formula.parts)
  parts.setAttribute('aria-hidden', 'true')
  // Not `replaceChildren`, which the WebViews of older phones lack.
  host.textContent = ''
  host.appendChild(parts)
}

function elementOf(document: Document, node: FormulaNode): Element {
  if ('shape' in node) return shapeOf(document, node.style, node.shape)
  const element = document.createElement('span')
  // Not the attribute, which a content security policy may forbid.
  if (node.style) element.style.cssText = node.style
  if ('text' in node) element.textContent = node.text
  else
    for (const child of node.children)
      element.appendChild(
        'text' in child && !child.style ? document.createTextNode(child.text) : elementOf(document, child),
      )
  return element
}

function shapeOf(
  document: Document,
  style: string,
  { viewBox, aspect, paths, lines }: FormulaShape,
): Element {
  const svg = document.createElementNS(SVG, 'svg')
  svg.style.cssText = `${style};fill:currentColor;stroke:none`
  if (viewBox) svg.setAttribute('viewBox', viewBox)
  svg.setAttribute('preserveAspectRatio', aspect)
  for (const data of paths) svg.appendChild(document.createElementNS(SVG, 'path')).setAttribute('d', data)
  for (const { x1, y1, x2, y2, width } of lines) {
    const line = svg.appendChild(document.createElementNS(SVG, 'line'))
    const attributes = { x1, y1, x2, y2, 'stroke-width': width, stroke: 'currentColor' }
    for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, value)
  }
  return svg
}
