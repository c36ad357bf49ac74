/** In halves of an em: Latin letters take one, Chinese characters two. */
const MIN = 6
const MAX = 40
/** A cell's padding. */
const PADDING = 4

/** Measures a table's columns by its text, so that a table in two parts has the same columns in both. */
export class ColumnWidths {
  private readonly most: number[] = []
  private column = -1
  private width = 0

  row(): void {
    this.keep()
    this.column = -1
  }

  cell(): void {
    this.keep()
    this.column++
  }

  text(text: string): void {
    for (let at = 0; at < text.length; at++) this.width += text.charCodeAt(at) < 0x2000 ? 1 : 2
  }

  /** Widths in em so far, joined by commas. */
  widths(): string {
    this.keep()
    return this.most.map((width) => (Math.max(MIN, Math.min(MAX, width)) + PADDING) / 2).join(',')
  }

  private keep(): void {
    if (this.column >= 0) this.most[this.column] = Math.max(this.most[this.column] ?? 0, this.width)
    this.width = 0
  }
}
