import { createElement } from './dom-container'

/** A code block's lines are laid out in groups, so that a long one does not lay out again as a whole. */
const LINES_A_GROUP = 40

/** The lines of a block of code, and the column of their numbers if it has one. */
export class DomCode {
  private lines = 0
  private number = 1
  private readonly numbers: Element | null

  constructor(outer: HTMLElement) {
    this.numbers = outer.querySelector('.st-numbers')
  }

  /** Appends to `last`, the last text of `line`. Returns what is the last one then. */
  append(last: Text, line: HTMLElement, text: string): Text {
    this.count(text)
    const document = line.ownerDocument
    let end = last
    let rest = text
    for (;;) {
      let cut = 0
      while (this.lines < LINES_A_GROUP) {
        const at = rest.indexOf('\n', cut)
        if (at < 0) break
        cut = at + 1
        this.lines++
      }
      if (this.lines < LINES_A_GROUP) break
      end.appendData(rest.slice(0, cut))
      rest = rest.slice(cut)
      this.lines = 0
      const group = line.appendChild(createElement(document, 'span', 'st-lines'))
      end = group.appendChild(document.createTextNode(''))
    }
    if (rest) end.appendData(rest)
    return end
  }

  private count(text: string): void {
    if (!this.numbers) return
    let more = ''
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) more += `\n${++this.number}`
    if (more) (this.numbers.firstChild as Text).appendData(more)
  }
}

/** Cuts the line that ends `text` into coloured stretches, in its place. Returns the last text then. */
export function colourLine(text: Text, spec: string): Text {
  const document = text.ownerDocument
  const line = text.splitText(text.data.lastIndexOf('\n') + 1)
  const parts = document.createDocumentFragment()
  let at = 0
  for (const stretch of spec.match(/[a-z_]\d+/g) ?? []) {
    const letter = stretch.charAt(0)
    const end = at + Number(stretch.slice(1))
    const part = document.createTextNode(line.data.slice(at, end))
    at = end
    if (letter === '_') parts.appendChild(part)
    else parts.appendChild(createElement(document, 'span', `st-hl st-hl--${letter}`)).appendChild(part)
  }
  const last = parts.appendChild(document.createTextNode(line.data.slice(at)))
  line.replaceWith(parts)
  return last
}
