import type { Block, Op } from '../../src/markdown/markdown-types.js'

interface Node {
  block: Block | undefined
  gap: boolean
  children: (Node | string)[]
}

const escape = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
const titled = (title: string) => (title ? ` title="${escape(title)}"` : '')

/** Inline operations as the reference's HTML; raw HTML as it was written. */
function inlineHtml(op: Op, closers: string[]): string {
  switch (op.op) {
    case 'text':
      return escape(op.text)
    case 'code':
      return `<code>${escape(op.text)}</code>`
    case 'math':
      return `<math>${escape(op.text)}</math>`
    case 'html':
      return op.text
    case 'break':
      return '<br />\n'
    case 'image':
      return `<img src="${escape(op.src)}" alt="${escape(op.alt)}"${titled(op.title)} />`
    case 'leave':
      return closers.pop()!
    case 'enter': {
      const { mark } = op
      closers.push(mark.type === 'link' ? '</a>' : `</${mark.type}>`)
      return mark.type === 'link' ? `<a href="${escape(mark.href)}"${titled(mark.title)}>` : `<${mark.type}>`
    }
    default:
      throw new Error(`not inline: ${op.op}`)
  }
}

function treeOf(ops: readonly Op[]): Node {
  const root: Node = { block: undefined, gap: false, children: [] }
  const stack = [root]
  const closers: string[] = []
  for (const op of ops) {
    const top = stack[stack.length - 1]!
    if (op.op === 'open') {
      const node = { block: op.block, gap: op.gap, children: [] }
      top.children.push(node)
      stack.push(node)
    } else if (op.op === 'close') stack.pop()
    else if (op.op === 'text' && top.block?.type === 'html') top.children.push(op.text)
    else top.children.push(inlineHtml(op, closers))
  }
  if (stack.length !== 1 || closers.length) throw new Error('a block or mark was left open')
  return root
}

const nodes = (node: Node) => node.children.filter((child): child is Node => typeof child !== 'string')
const isLoose = (list: Node) =>
  nodes(list).some(
    (item, at) => (at > 0 && item.gap) || nodes(item).some((child, index) => index > 0 && child.gap),
  )

function blockHtml(node: Node, tight: boolean): string {
  const text = () => node.children.filter((child) => typeof child === 'string').join('')
  const inner = (isTight = false) => {
    let html = ''
    for (const child of nodes(node)) {
      const part = blockHtml(child, isTight)
      html += (html && !html.endsWith('\n') ? '\n' : '') + part
    }
    return html
  }
  const { block } = node
  switch (block?.type) {
    case undefined:
      return inner()
    case 'details':
      return `<details>\n${inner()}</details>\n`
    case 'paragraph': {
      if (block.summary) return `<summary>${text()}</summary>\n`
      const task =
        block.checked === undefined
          ? ''
          : `<input${block.checked ? ' checked=""' : ''} disabled="" type="checkbox"> `
      return tight ? task + text() : `<p>${task}${text()}</p>\n`
    }
    case 'heading':
      return `<h${block.level}>${text()}</h${block.level}>\n`
    case 'code': {
      const language = block.info.split(/\s/)[0]
      const content = text()
      return `<pre><code${language ? ` class="language-${escape(language)}"` : ''}>${content}${content && '\n'}</code></pre>\n`
    }
    case 'math':
      return `<math>${text()}</math>\n`
    case 'html':
      return `${text()}\n`
    case 'rule':
      return '<hr />\n'
    case 'quote':
      return `<blockquote>\n${inner()}</blockquote>\n`
    case 'reasoning':
      return `<think>\n${inner()}</think>\n`
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul'
      const start = block.ordered && block.start !== 1 ? ` start="${block.start}"` : ''
      return `<${tag}${start}>\n${inner(!isLoose(node))}</${tag}>\n`
    }
    case 'item': {
      const html = inner(tight)
      const first = nodes(node)[0]
      const broken = first && !(tight && first.block?.type === 'paragraph')
      return `<li>${broken ? '\n' : ''}${html}</li>\n`
    }
    case 'table': {
      const [header, ...rows] = nodes(node)
      const body = rows.map((row) => rowHtml(row, 'td')).join('')
      const head = `<thead>\n${rowHtml(header!, 'th')}</thead>\n`
      return `<table>\n${head}${body && `<tbody>\n${body}</tbody>\n`}</table>\n`
    }
    default:
      throw new Error(`misplaced ${block?.type}`)
  }
}

function rowHtml(row: Node, tag: string): string {
  const cells = nodes(row).map(({ block, children }) => {
    const side = block?.type === 'cell' ? block.align : 'none'
    return `<${tag}${side === 'none' ? '' : ` align="${side}"`}>${children.join('')}</${tag}>\n`
  })
  return `<tr>\n${cells.join('')}</tr>\n`
}

/** The operations as HTML, in the form the CommonMark and GFM specifications print. */
export function htmlOf(ops: readonly Op[]): string {
  return blockHtml(treeOf(ops), false)
}
