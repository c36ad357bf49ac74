import type { Formula, ViewOp } from '../composables/formulas.js'
import type { RunLook } from '../markdown/flatten.js'

export interface Typesetter {
  /** Formulas with a longer source are not typeset, in characters. */
  readonly maxSource: number
  /**
   * Loads what is needed, at the first call. Answers with a promise as long as it is worth waiting for; it is
   * never rejected.
   */
  prepare(): Promise<void> | undefined
  /**
   * @param display on a line of its own
   * @returns `undefined` where the source has to be shown instead: it is no formula, not allowed, or too much
   */
  render(source: string, display: boolean): Formula | undefined
}

type BlockOp = Extract<ViewOp, { op: 'block' }>

/**
 * Puts formulas in the place of their sources. Inline formulas come whole; a block of math is held until it is
 * complete, or too long for a formula. While the typesetter loads, what follows the first formula is held too.
 * @param resume is called when operations that were held can be had by another call
 */
export function createFormulaOps(
  typesetter: Typesetter,
  resume: () => void,
): (ops: readonly ViewOp[]) => readonly ViewOp[] {
  let waiting: ViewOp[] = []
  let isWaiting = false
  let block: { readonly op: BlockOp; source: string } | undefined
  let span: RunLook | undefined

  /** Whether what comes has to be held. */
  function mustWait(): boolean {
    if (isWaiting) return true
    const arrival = typesetter.prepare()
    if (!arrival) return false
    isWaiting = true
    void arrival.then(() => {
      isWaiting = false
      resume()
    })
    return true
  }

  function showSource(out: ViewOp[], failed: boolean): void {
    if (!block) return
    const look: RunLook = { kind: 'text', style: 0 }
    out.push(block.op, { op: 'run', look, ...(failed ? { failed } : {}) }, { op: 'text', text: block.source })
    block = undefined
  }

  function endBlock(out: ViewOp[]): void {
    if (!block) return
    const { op, source } = block
    const formula = typesetter.render(source, true)
    if (!formula) return showSource(out, true)
    block = undefined
    const look: RunLook = { kind: 'math', style: 0, display: true }
    out.push({ ...op, block: { type: 'paragraph' } }, { op: 'formula', look, source, formula })
  }

  /** True when the operation was not taken and everything from it on waits. */
  function apply(op: ViewOp, out: ViewOp[]): boolean {
    if (op.op === 'block' && op.block.type === 'math') block = { op, source: '' }
    else if (block && op.op === 'text') {
      block.source += op.text
      if (block.source.length > typesetter.maxSource) showSource(out, false)
    } else if (block && op.op === 'done') {
      if (mustWait()) return true
      endBlock(out)
      out.push(op)
    } else if (op.op === 'run' && op.look.kind === 'math') {
      if (mustWait()) return true
      span = op.look
    } else if (span && op.op === 'text') {
      const formula = typesetter.render(op.text, span.display === true)
      if (formula) out.push({ op: 'formula', look: span, source: op.text, formula })
      else out.push({ op: 'run', look: span, failed: true }, op)
      span = undefined
    } else if (!block) out.push(op)
    return false
  }

  return (ops) => {
    const all = waiting.length ? waiting.concat(ops) : ops
    waiting = []
    const out: ViewOp[] = []
    for (let at = 0; at < all.length; at++) {
      const op = all[at] as ViewOp
      if (!isWaiting && !apply(op, out)) continue
      waiting = all.slice(at)
      break
    }
    return out
  }
}
