import type { Enclosure, FlatOp, LeafContent, RunLook } from './flatten.js'
import { Flattener } from './flatten.js'
import type { Align, Op } from './markdown-types.js'

/** Text of one look; `text` only grows, and only in the last run of a block. */
export interface Run {
  readonly look: RunLook
  text: string
}

/** A cell of a table. `key` is stable. */
export interface Cell {
  readonly key: number
  readonly align: Align
  readonly runs: Run[]
}

/** A row of a table. `key` is stable. */
export interface Row {
  readonly key: number
  readonly header: boolean
  readonly cells: Cell[]
}

/** One block of the flat list. `key` is stable; `runs` of a table are empty, `rows` of anything else. */
export interface RenderBlock {
  readonly key: number
  readonly block: LeafContent
  /** Space above. */
  readonly gap: boolean
  /** The containers around it, outermost first, and how many of the innermost begin with it. */
  readonly path: readonly Enclosure[]
  readonly starts: number
  readonly runs: Run[]
  readonly rows: Row[]
  /** Nothing will be added any more. */
  done: boolean
}

/** The flat list that a view renders. Blocks are only added, and only the last one changes. */
export interface RenderList {
  readonly blocks: readonly RenderBlock[]
  /** Keys of containers that are complete, a reasoning section's say. */
  readonly shut: ReadonlySet<number>
  /** Applies an engine's operations; answers with the blocks that were added or changed, in order. */
  apply(ops: readonly Op[]): RenderBlock[]
}

/** Folds flat operations into blocks. */
class Folder implements RenderList {
  readonly blocks: RenderBlock[] = []
  readonly shut = new Set<number>()
  private readonly flattener = new Flattener()
  private runs: Run[] = []

  apply(ops: readonly Op[]): RenderBlock[] {
    const touched: RenderBlock[] = []
    for (const op of this.flattener.apply(ops)) {
      if (op.op === 'shut') {
        this.shut.add(op.key)
        continue
      }
      this.fold(op)
      const last = this.blocks[this.blocks.length - 1]
      if (last && touched[touched.length - 1] !== last) touched.push(last)
    }
    return touched
  }

  private fold(op: FlatOp): void {
    const last = this.blocks[this.blocks.length - 1]
    const row = last && last.rows[last.rows.length - 1]
    if (op.op === 'block') {
      const { key, block, gap, path, starts } = op
      this.runs = []
      this.blocks.push({ key, block, gap, path, starts, runs: this.runs, rows: [], done: false })
    } else if (op.op === 'row' && last) last.rows.push({ key: op.key, header: op.header, cells: [] })
    else if (op.op === 'cell' && row) {
      this.runs = []
      row.cells.push({ key: op.key, align: op.align, runs: this.runs })
    } else if (op.op === 'run') this.runs.push({ look: op.look, text: '' })
    else if (op.op === 'text') {
      const run = this.runs[this.runs.length - 1]
      if (run) run.text += op.text
    } else if (op.op === 'done' && last) last.done = true
  }
}

/** An empty list, to be fed every operation of one engine. */
export function createRenderList(): RenderList {
  return new Folder()
}
