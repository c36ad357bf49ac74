import { formulaSource, type SelectedRange } from './selected-range'

/** Elements that mean the same elsewhere, and the attributes of theirs that say something there. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  ...{ P: [], H1: [], H2: [], H3: [], H4: [], H5: [], H6: [], UL: [], OL: [], LI: ['value'] },
  ...{ BLOCKQUOTE: [], PRE: [], CODE: [], STRONG: [], EM: [], DEL: [], BR: [], HR: [] },
  ...{ TABLE: [], THEAD: [], TBODY: [], TR: [], TH: ['colspan', 'rowspan'], TD: ['colspan', 'rowspan'] },
  ...{ SUB: [], SUP: [], KBD: [], MARK: [], U: [], S: [], INS: [], DETAILS: [], SUMMARY: [] },
  ...{ A: ['href', 'title'], IMG: ['src', 'alt', 'title'], INPUT: ['type', 'checked', 'disabled'] },
}
const EMPTY = /^(?:BR|HR|IMG|INPUT)$/

/** What is selected as HTML of plain elements, for what takes more than text: mail, a word processor. */
export function copiedHtml(range: SelectedRange): string {
  const all = (node: Node): string => range.children(node).map(visit).join('')

  function visit(node: Node): string {
    if (node.nodeType === 3) return escaped(range.textOf(node as Text))
    if (node.nodeType !== 1) return all(node)
    const element = node as Element
    const source = formulaSource(element)
    if (source !== undefined) return escaped(source)
    const { nodeName } = element
    const attributes = KEPT[nodeName]
    if (!attributes || !element.closest('.st-host'))
      return element.matches('.streaming-text, uni-view') ? `<div>${all(element)}</div>` : all(element)
    const tag = nodeName.toLowerCase()
    const said = attributes
      .filter((name) => element.hasAttribute(name))
      .map((name) => ` ${name}="${escaped(element.getAttribute(name) ?? '')}"`)
      .join('')
    const align = tag === 'td' || tag === 'th' ? (element as HTMLElement).style.textAlign : ''
    const look = align ? ` style="text-align:${align}"` : ''
    return EMPTY.test(nodeName) ? `<${tag}${said}>` : `<${tag}${said}${look}>${all(element)}</${tag}>`
  }

  return visit(range.root)
}

const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
