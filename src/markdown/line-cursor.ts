/** The start of the current line as far as it came, with columns counted over tab stops of four. */
export class LineCursor {
  text = ''
  /** Index and column of the first character not taken by a container. */
  position = 0
  column = 0
  /** After `look`: index of the next character that is no blank, and the columns up to it. */
  next = 0
  indent = 0
  /** The column is inside the tab at `position`. */
  private insideTab = false

  reset(): void {
    this.text = ''
    this.position = this.column = 0
    this.insideTab = false
  }

  /** Takes more of the line; blanks without end at its start mean no more than `limit` of them. */
  append(text: string, limit: number): void {
    const blank = this.text.length - this.position > limit && this.look()
    this.text += blank ? text.replace(/^[ \t]+/, '') : text
  }

  /** True when nothing but blanks is left. */
  look(): boolean {
    let column = this.column
    let at = this.position
    for (; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at)
      if (code === 32) column++
      else if (code === 9) column += 4 - (column % 4)
      else break
    }
    this.next = at
    this.indent = column - this.column
    return at === this.text.length
  }

  /** Takes up to `columns` columns of blanks, half a tab too. */
  skip(columns: number): void {
    let left = columns
    while (left > 0 && this.position < this.text.length) {
      const code = this.text.charCodeAt(this.position)
      if (code !== 32 && code !== 9) return
      const width = code === 9 ? 4 - (this.column % 4) : 1
      const taken = Math.min(width, left)
      this.column += taken
      left -= taken
      this.insideTab = taken < width
      if (!this.insideTab) this.position++
    }
  }

  /** Takes `count` characters that are no blanks, after the blanks before them. */
  take(count: number): void {
    this.look()
    this.column += this.indent + count
    this.position = this.next + count
    this.insideTab = false
  }

  /** What is left; the rest of a half taken tab as spaces. */
  rest(): string {
    if (!this.insideTab) return this.text.slice(this.position)
    return ' '.repeat(4 - (this.column % 4)) + this.text.slice(this.position + 1)
  }
}
