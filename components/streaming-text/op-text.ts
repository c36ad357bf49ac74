import type { Enclosure, FlatOp, LeafContent, RunLook } from 'uni-sse-channel/markdown'
import type { FormulaOp, ViewOp } from 'uni-sse-channel'
import { codeLanguage } from './code-language'
import { noteLabel } from './note-label'

/** Ends what is text and starts an instruction. JSON writes it as the one byte it is. */
const DEL = '\u007f'

/**
 * Operations as text that is only ever added to, for the view of App: `op-reader.ts` makes operations of it again.
 *
 * Text stands as it is; an instruction is DEL, a letter, and what the letter takes along:
 * - `P` paragraph, `S` summary, `N` `Y` task that is open or done, `1`…`6` heading, `C` code, `M` math, `H` HTML, `R` rule,
 *   `T` table, `E` empty item; then `.` for no space above, how many containers stay open (none: no number), those that
 *   open: `q` quote, `l` list, `i` item, `o7;` item with number 7, `na;` footnote with label a, `r` reasoning, `d` details; then of code `|`, its key and
 *   language; then a space
 * - `a` and beyond: text looks so: 1 emphasis, 2 strong, 4 deleted, 8 code, 32 below, 64 above, 128 marked, 256 key. `$` `%` math, the second on a line of its own,
 *   `!` image, `\` line break, each with such a letter; behind an image its address, a space, and its alternative text
 * - `&` `*` formula, the second on a line of its own, with such a letter: its parts (see formula-parts.ts), a line's
 *   end, then its source
 * - `@` address of a link, `"` its title, `'` an image's title, `#` not a formula: each for the next run alone
 * - `=` `-` row of a header or body; `|` `<` `^` `>` cell that is aligned not at all, left, in the middle, right
 * - `Z` how the last line of code is coloured: letter and length of each stretch, then a space
 * - `K` `J` the cursor is shown, or not
 *
 * A block and a cell begin with a plain run, which needs no instruction.
 */
export class OpText {
  private path: readonly Enclosure[] = []
  private out = ''
  /** The reader has a plain run open. */
  private isPlain = false

  encode(ops: readonly ViewOp[]): string {
    for (const op of ops) this.add(op)
    const { out } = this
    this.out = ''
    return out
  }

  cursor(visible: boolean): string {
    return DEL + (visible ? 'K' : 'J')
  }

  private add(op: ViewOp): void {
    switch (op.op) {
      case 'block':
        this.out += DEL + this.header(op)
        this.isPlain = true
        break
      case 'row':
        this.out += DEL + (op.header ? '=' : '-')
        break
      case 'cell':
        this.out += DEL + { none: '|', left: '<', center: '^', right: '>' }[op.align]
        this.isPlain = true
        break
      case 'run':
        this.run(op.look, op.failed)
        break
      case 'formula':
        this.formula(op)
        break
      case 'text':
        this.out += plain(op.text)
        break
      case 'colour':
        this.out += `${DEL}Z${op.colours} `
        this.isPlain = true
        break
    }
  }

  private header({ key, block, gap, path }: Extract<FlatOp, { op: 'block' }>): string {
    let depth = 0
    while (depth < path.length && path[depth]?.key === this.path[depth]?.key) depth++
    this.path = path
    const opened = path.slice(depth).map(enclosureText).join('')
    const code = block.type === 'code' ? `|${key},${plain(codeLanguage(block.info))}` : ''
    return `${letterOf(block)}${gap ? '' : '.'}${depth || ''}${opened}${code} `
  }

  private run(look: RunLook, failed?: true): void {
    const style = String.fromCharCode(97 + look.style + (look.kind === 'code' ? 8 : 0))
    const isText = look.kind === 'text' || look.kind === 'html'
    const isPlain = isText && style === 'a' && !look.link
    if (isPlain && this.isPlain) return
    this.isPlain = isPlain || (look.kind === 'break' && style === 'a' && !look.link)
    if (look.link) this.link(look.link)
    if (look.kind === 'image') {
      if (look.title) this.out += `${DEL}'${plain(look.title)}`
      this.out += `${DEL}!${style}${plain(look.src ?? '')} `
      return
    }
    if (failed) this.out += DEL + '#'
    const kind = look.kind === 'math' ? (look.display ? '%' : '$') : look.kind === 'break' ? '\\' : ''
    this.out += DEL + kind + style
  }

  private formula({ look, source, formula }: FormulaOp): void {
    if (look.link) this.link(look.link)
    const style = String.fromCharCode(97 + look.style)
    this.out += `${DEL}${look.display ? '*' : '&'}${style}${formula.toText()}\n${plain(source)}`
    this.isPlain = false
  }

  private link({ href, title }: { readonly href: string; readonly title: string }): void {
    this.out += `${DEL}@${plain(href)}`
    if (title) this.out += `${DEL}"${plain(title)}`
  }
}

/** What an answer says must not be read as an instruction. */
const plain = (text: string) => text.split(DEL).join('')

function enclosureText({ type, number, note }: Enclosure): string {
  if (note) return `n${noteLabel(note)};`
  return number === undefined ? type.charAt(0) : `o${number};`
}

function letterOf(block: LeafContent): string {
  switch (block.type) {
    case 'paragraph':
      if (block.summary) return 'S'
      return block.checked === undefined ? 'P' : block.checked ? 'Y' : 'N'
    case 'heading':
      return String(block.level)
    default:
      return block.type.charAt(0).toUpperCase()
  }
}
