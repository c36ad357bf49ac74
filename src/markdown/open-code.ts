import type { InlineText } from './inline-text.js'
import { MORE, skipRun, type Scan } from './scan.js'

/** Code that is shown before its end came. */
export class OpenCode {
  /** How many backticks end it; 0 while there is none. */
  ticks = 0

  constructor(private readonly input: InlineText) {}

  /** So many backticks, at which the position stands, begin it. */
  begin(ticks: number): void {
    const { input } = this
    input.queue.atom({ op: 'enter', mark: { type: 'code' } }, '')
    this.ticks = ticks
    input.position += ticks
  }

  /** Shows what came of it, and returns where to go on, or `MORE`. */
  read(final: boolean): Scan {
    const { input } = this
    const { source } = input
    let at = input.position
    while (at < source.length) {
      const end = skipRun(source, at, 96)
      if (end === source.length && end > at && !final) break
      if (end - at === this.ticks) {
        this.ticks = 0
        this.show(at)
        input.queue.atom({ op: 'leave' }, '')
        return (input.position = end)
      }
      at = Math.max(end, at + 1)
    }
    this.show(at)
    return MORE
  }

  private show(to: number): void {
    const { input } = this
    input.queue.text(input.source.slice(input.position, to).replace(/\n/g, ' '))
    input.position = to
  }
}
