import type { ViewOp } from 'uni-sse-channel'
import { shallowRef } from 'vue'

/** Where a section's operations go: one kind for each way to reach the view. */
export interface Sink {
  write(ops: readonly ViewOp[]): void
  /** Shows the cursor behind the last text, or takes it away. */
  setCursor(visible: boolean): void
}

/** A block of code, of math or of a table as far as it came: a table in rows of cells, the others as text. */
export interface CodeText {
  readonly language: string
  text: string
  readonly rows: string[][]
  done: boolean
}

/** Slots in which an app shows blocks itself. */
export type OwnSlot = 'code' | 'mermaid' | 'math' | 'table'

let sections = 0

/** A stretch of the answer, or of the reasoning before or inside it. Its operations wait for a sink. */
export class Section {
  readonly id = ++sections
  /** How long the reasoning took, once it is complete; 0 when it came all at once. */
  readonly seconds = shallowRef<number>()
  /** For the app's own slots: nothing yet. */
  readonly code = shallowRef<Readonly<CodeText>>({ language: '', text: '', rows: [], done: false })
  private readonly begun = Date.now()
  private waiting: ViewOp[] = []
  private sink: Sink | undefined
  private cursor = false

  constructor(
    readonly kind: 'reasoning' | 'answer' | 'code',
    /** Of a block that the app shows itself. */
    readonly slot?: OwnSlot,
  ) {}

  /** The section's sink, created at the first call. It survives the component that asked for it. */
  use<Kind extends Sink>(create: () => Kind): Kind {
    if (!this.sink) {
      this.sink = create()
      this.sink.write(this.waiting)
      this.sink.setCursor(this.cursor)
      this.waiting = []
    }
    return this.sink as Kind
  }

  write(ops: readonly ViewOp[]): void {
    if (this.sink) this.sink.write(ops)
    else for (const op of ops) this.waiting.push(op)
  }

  setCursor(visible: boolean): void {
    if (visible === this.cursor) return
    this.cursor = visible
    this.sink?.setCursor(visible)
  }

  /** Nothing follows. */
  close(): void {
    this.seconds.value ??= Math.round((Date.now() - this.begun) / 1000)
  }
}
