import type { FlatOp } from 'uni-sse-channel/markdown'
import { Lines } from './lines'

/**
 * An answer as plain text: blocks with blank lines between, cells by tabs, formulas as their source, code exact.
 * Reasoning is left out.
 */
export function plainAnswer(ops: readonly FlatOp[]): string {
  const lines = new Lines()
  let mark = ''
  let cells = 0
  let state: 'shown' | 'left out' | 'math' = 'shown'
  let math = ''

  for (const op of ops) {
    if (op.op === 'block') {
      const { block, path, starts } = op
      state = path[0]?.type === 'reasoning' ? 'left out' : block.type === 'math' ? 'math' : 'shown'
      if (state === 'left out') continue
      lines.endMark()
      const items = path.filter(({ type }) => type === 'item')
      const begins = path.slice(path.length - starts)
      const isInItem = items.length > (begins.some(({ type }) => type === 'item') ? 1 : 0)
      const opensList = begins[0]?.type === 'list'
      lines.gap(isInItem || (begins[0]?.type === 'item' && !opensList) ? 1 : 2)
      const item = begins[begins.length - 1]
      if (item?.type === 'item') {
        const checked = block.type === 'paragraph' ? block.checked : undefined
        const box = checked === undefined ? '-' : checked ? '☑' : '☐'
        const marker = item.number === undefined ? box : `${item.number}.`
        lines.mark(`${'  '.repeat(items.length - 1)}${marker} `)
      }
      math = mark = ''
    } else if (state === 'left out') continue
    else if (op.op === 'row') {
      lines.gap(op.header ? 2 : 1)
      cells = 0
    } else if (op.op === 'cell') {
      if (cells++) lines.text('\t')
      mark = ''
    } else if (op.op === 'run') {
      mark = op.look.kind === 'math' ? (op.look.display ? '$$' : '$') : ''
      if (op.look.kind === 'break') lines.text('\n')
    } else if (op.op === 'text') {
      if (state === 'math') math += op.text
      else lines.text(mark + op.text + mark)
    } else if (op.op === 'done' && state === 'math') {
      lines.text(`$$\n${math}\n$$`)
      state = 'shown'
    }
  }
  lines.endMark()
  return lines.out
}
