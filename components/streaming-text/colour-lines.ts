import type { FlatOp } from 'uni-sse-channel/markdown'
import type { CodeColours, ColourLine, ViewOp } from 'uni-sse-channel'
import { codeLanguage } from './code-language'

/** Adds its colours behind each line of code that ends. Text is passed on as it comes. */
export function createLineColours(
  colours: CodeColours | undefined,
): (ops: readonly FlatOp[]) => readonly ViewOp[] {
  if (!colours) return (ops) => ops
  let colour: ColourLine | undefined
  let line = ''

  return (ops) => {
    const out: ViewOp[] = []
    const endLine = () => {
      const found = colour?.(line)
      if (found) out.push({ op: 'colour', colours: found })
      line = ''
    }
    for (const op of ops) {
      if (op.op === 'block') {
        colour = op.block.type === 'code' ? colours.start(codeLanguage(op.block.info)) : undefined
        line = ''
        out.push(op)
      } else if (op.op === 'text' && colour) {
        let from = 0
        for (let end = op.text.indexOf('\n'); end >= 0; end = op.text.indexOf('\n', end + 1)) {
          const part = op.text.slice(from, end)
          // The line's end stands before the next line, behind the colours.
          if (part) out.push({ op: 'text', text: part })
          line += part.charAt(0) === '\n' ? part.slice(1) : part
          endLine()
          from = end
        }
        const rest = op.text.slice(from)
        if (rest) out.push({ op: 'text', text: rest })
        line += rest.charAt(0) === '\n' ? rest.slice(1) : rest
      } else {
        if (op.op === 'done' && colour) endLine()
        out.push(op)
      }
    }
    return out
  }
}
