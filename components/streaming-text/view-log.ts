import type { ViewOp } from 'uni-sse-channel'
import { OpText } from './op-text'
import type { Sink } from './section'

/** A section in one page's WebView. */
export interface LogView {
  /** Everything so far; shown in the place of what is there. */
  begin(log: string): void
  append(piece: string): void
}

/**
 * Operations for App as text that the view reads (see op-text.ts). Each piece is sent once. All of it is kept for a
 * view that comes later, or again.
 */
export class ViewLog implements Sink {
  private readonly text = new OpText()
  private log = ''
  private view: LogView | undefined

  write(ops: readonly ViewOp[]): void {
    this.append(this.text.encode(ops))
  }

  setCursor(visible: boolean): void {
    this.append(this.text.cursor(visible))
  }

  /** Shows the log in `view` from now on, and no more in the view before. Returns what ends that. */
  show(view: LogView): () => void {
    this.view = view
    view.begin(this.log)
    return () => {
      if (this.view === view) this.view = undefined
    }
  }

  private append(piece: string): void {
    if (!piece) return
    this.log += piece
    this.view?.append(piece)
  }
}
