import type { ViewOp } from 'uni-sse-channel'
import { shallowRef } from 'vue'

/** Where a section's operations go: one kind for each way to reach the view. */
export interface Sink {
  write(ops: readonly ViewOp[]): void
  /** Shows the cursor behind the last text, or takes it away. */
  setCursor(visible: boolean): void
}

/** A code block's text so far. */
export interface CodeText {
  readonly language: string
  text: string
  done: boolean
}

let sections = 0

/** A stretch of the answer, or of the reasoning before or inside it. Its operations wait for a sink. */
export class Section {
  readonly id = ++sections
  /** How long the reasoning took, once it is complete; 0 when it came all at once. */
  readonly seconds = shallowRef<number>()
  /** For the code slot. */
  readonly code = shallowRef<Readonly<CodeText>>()
  private readonly begun = Date.now()
  private waiting: ViewOp[] = []
  private sink: Sink | undefined
  private cursor = false

  constructor(readonly kind: 'reasoning' | 'answer' | 'code') {}

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
