interface RichTextNode {
  type?: 'node' | 'text'
  name?: string
  text?: string
  attrs?: Record<string, string>
  children?: RichTextNode[]
}

/** Shows a `rich-text` node's `nodes`: HTML text, or the vendor's tree of nodes. Text entities stay as they are. */
export function renderRichText(element: Element, nodes: unknown): void {
  if (typeof nodes === 'string') element.innerHTML = nodes
  else element.replaceChildren(...toNodes(nodes))
}

function toNodes(nodes: unknown): Node[] {
  if (!Array.isArray(nodes)) return []
  return (nodes as RichTextNode[]).map(({ type, name = 'span', text = '', attrs = {}, children }) => {
    if (type === 'text') return document.createTextNode(text)
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(attrs)) element.setAttribute(key, value)
    element.append(...toNodes(children))
    return element
  })
}
