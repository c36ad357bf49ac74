import type { FlatOp } from 'uni-sse-channel/markdown'
import { codeLanguage } from './code-language'
import { endPart, freezeColumns } from './freeze-columns'

/** A leaf block's elements: the outermost, and where its runs go. */
export interface BlockNodes {
  readonly kind: 'code' | 'table' | 'other'
  readonly outer: HTMLElement
  readonly line: HTMLElement
  /** Of a table: whether the open row is a header. */
  readonly isHead: boolean
  /** The part of a table that takes the next row. */
  rows(header: boolean): HTMLElement
  /** The next row begins another table with the same columns. */
  nextPart(): void
}

let tasks = 0

/** Elements for a block that opens, not yet in the document. */
export function createBlock(
  document: Document,
  { key, block }: Extract<FlatOp, { op: 'block' }>,
  copyLabel: string,
): BlockNodes {
  const make = (tag: string, className: string, parent?: HTMLElement) => {
    const element = document.createElement(tag)
    element.className = className
    return parent ? parent.appendChild(element) : element
  }
  const leaf = (outer: HTMLElement, line = outer): BlockNodes => ({
    kind: 'other',
    outer,
    line,
    isHead: false,
    rows: () => outer,
    nextPart: () => undefined,
  })

  switch (block.type) {
    case 'heading':
      return leaf(make(`h${block.level}`, `st-text st-h st-h${block.level}`))
    case 'rule':
      return leaf(make('hr', 'st-rule'))
    case 'code': {
      const outer = make('div', 'st-pre')
      const head = make('div', 'st-pre__head', outer)
      make('span', 'st-pre__language', head).textContent = codeLanguage(block.info)
      const copy = make('button', 'st-pre__copy', head)
      copy.setAttribute('type', 'button')
      copy.dataset['key'] = String(key)
      copy.textContent = copyLabel
      const pre = make('pre', 'st-scroll', outer)
      pre.tabIndex = 0
      return { ...leaf(outer, make('code', 'st-pre__text', pre)), kind: 'code' }
    }
    case 'math':
    case 'html': {
      const outer = make('div', block.type === 'math' ? 'st-pre st-pre--M' : 'st-pre st-pre--H')
      const pre = make('pre', 'st-scroll', outer)
      pre.tabIndex = 0
      return leaf(outer, make('code', 'st-pre__text', pre))
    }
    case 'table': {
      const outer = make('div', 'st-scroll')
      outer.tabIndex = 0
      let part = make('div', 'st-part', outer)
      let table = make('table', 'st-table', part) as HTMLTableElement
      let body: HTMLElement | undefined
      const nodes = {
        ...leaf(outer),
        kind: 'table' as const,
        isHead: false,
        rows(header: boolean) {
          nodes.isHead = header
          if (header) return make('thead', 'st-thead', table)
          body ??= make('tbody', 'st-tbody', table)
          return body
        },
        nextPart() {
          if (!freezeColumns(table)) return
          const next = table.cloneNode(false) as HTMLTableElement
          for (const columns of table.querySelectorAll('colgroup')) next.appendChild(columns.cloneNode(true))
          endPart(part)
          const { width } = part.style
          part = make('div', 'st-part', outer)
          part.style.width = width
          table = part.appendChild(next)
          body = undefined
        },
      }
      return nodes
    }
    default: {
      const outer = make('p', 'st-text')
      if (block.type === 'paragraph' && block.checked !== undefined) {
        const box = make('input', 'st-task', outer) as HTMLInputElement
        box.type = 'checkbox'
        box.disabled = true
        // Its text is its name.
        outer.id = `st-task-${++tasks}`
        box.setAttribute('aria-labelledby', outer.id)
        box.defaultChecked = block.checked
      }
      return leaf(outer)
    }
  }
}
