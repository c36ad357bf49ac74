/** Lines of text with blank ones between blocks, and none at the ends. */
export class Lines {
  out = ''
  private wanted = 0
  private marker = ''

  /** At least this many line ends before what comes next. */
  gap(lineEnds: number): void {
    // Nothing comes between a marker and its text.
    if (!this.marker) this.wanted = Math.max(this.wanted, lineEnds)
  }

  /** Stands before the next text. */
  mark(marker: string): void {
    this.marker = marker
  }

  /** Shows a marker behind which no text came. */
  endMark(): void {
    if (this.marker) this.text('')
  }

  text(text: string): void {
    const whole = this.marker + text
    if (!whole) return
    if (this.out) this.out += '\n'.repeat(this.wanted)
    this.out += text ? whole : this.marker.trim()
    this.wanted = 0
    this.marker = ''
  }
}
