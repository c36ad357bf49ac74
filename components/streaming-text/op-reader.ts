import type { Enclosure, LeafContent, RunLook } from 'uni-sse-channel/markdown'
import type { DomOp } from './dom-writer'
import { formulaParts } from './formula-parts'

const DEL = '\u007f'

const aligned = { '|': 'none', '<': 'left', '^': 'center', '>': 'right' } as const

const leaves: Readonly<Record<string, LeafContent>> = {
  P: { type: 'paragraph' },
  S: { type: 'paragraph', summary: true },
  N: { type: 'paragraph', checked: false },
  Y: { type: 'paragraph', checked: true },
  M: { type: 'math' },
  H: { type: 'html' },
  R: { type: 'rule' },
  T: { type: 'table', align: [] },
  E: { type: 'empty' },
}

const containers = {
  q: 'quote',
  l: 'list',
  i: 'item',
  o: 'item',
  n: 'item',
  r: 'reasoning',
  d: 'details',
} as const

/** In the view of App: what `OpText` wrote, piece after piece, as operations again. Its instructions are told there. */
export class OpReader {
  private out: DomOp[] = []
  private path: readonly Enclosure[] = []
  private keys = 0
  private hasRun = false
  /** What was said of the next run. */
  private href: string | undefined
  private linkTitle = ''
  private imageTitle = ''
  private failed = false

  read(piece: string): readonly DomOp[] {
    const [text = '', ...parts] = piece.split(DEL)
    this.text(text)
    for (const part of parts) this.text(this.instruct(part.charAt(0), part.slice(1)))
    const { out } = this
    this.out = []
    return out
  }

  /** Returns the text behind the instruction. */
  private instruct(letter: string, rest: string): string {
    if (letter in aligned) {
      this.out.push({ op: 'cell', key: 0, align: aligned[letter as keyof typeof aligned] })
      this.hasRun = false
      return rest
    }
    switch (letter) {
      case '=':
      case '-':
        this.out.push({ op: 'row', key: 0, header: letter === '=' })
        return rest
      case '@':
        this.href = rest
        return ''
      case '"':
        this.linkTitle = rest
        return ''
      case "'":
        this.imageTitle = rest
        return ''
      case '#':
        this.failed = true
        return ''
      case 'K':
      case 'J':
        this.out.push({ op: 'cursor', visible: letter === 'K' })
        return rest
      case 'Z': {
        const end = rest.indexOf(' ')
        this.out.push({ op: 'colour', colours: rest.slice(0, end) })
        return rest.slice(end + 1)
      }
      case '\\':
        return this.run(rest, 'break')
      case '$':
      case '%':
        return this.run(rest, 'math', { display: letter === '%' })
      case '!': {
        const end = rest.indexOf(' ')
        this.run(rest, 'image', { src: rest.slice(1, end), title: this.imageTitle })
        return rest.slice(end + 1)
      }
      case '&':
      case '*': {
        const end = rest.indexOf('\n')
        const look = this.look(rest, 'math', { display: letter === '*' })
        const formula = { parts: formulaParts(rest.slice(1, end)) }
        this.out.push({ op: 'formula', look, source: rest.slice(end + 1), formula })
        return ''
      }
      default:
        return letter >= 'a' ? this.run(letter + rest, 'text') : this.block(letter, rest)
    }
  }

  private block(letter: string, rest: string): string {
    const end = rest.indexOf(' ')
    const header = rest.slice(0, end)
    const bar = header.indexOf('|')
    const argument = header.slice(bar + 1)
    const places = bar < 0 ? header : header.slice(0, bar)
    const path = this.path.slice(0, parseInt(places.replace(/^\./, '')) || 0)
    for (const one of places.match(/[on][^;]*;|[qlird]/g) ?? []) path.push(this.container(one))
    this.path = path
    const comma = argument.indexOf(',')
    const block: LeafContent =
      letter === 'C'
        ? { type: 'code', info: argument.slice(comma + 1) }
        : (leaves[letter] ?? { type: 'heading', level: Number(letter) })
    const key = letter === 'C' ? Number(argument.slice(0, comma)) : 0
    this.out.push({ op: 'block', key, block, gap: places.charAt(0) !== '.', path, starts: 0 })
    this.hasRun = false
    return rest.slice(end + 1)
  }

  private container(letters: string): Enclosure {
    const letter = letters.charAt(0) as keyof typeof containers
    const label = letters.slice(1, -1)
    const number = /^\d+$/.test(label) ? Number(label) : undefined
    const enclosure = { key: ++this.keys, type: containers[letter], number }
    return letter === 'n' ? { ...enclosure, note: label } : enclosure
  }

  private run(rest: string, kind: RunLook['kind'], more: Partial<RunLook> = {}): string {
    const failed = this.failed ? ({ failed: true } as const) : {}
    this.out.push({ op: 'run', look: this.look(rest, kind, more), ...failed })
    this.failed = false
    return rest.slice(1)
  }

  private look(rest: string, kind: RunLook['kind'], more: Partial<RunLook> = {}): RunLook {
    const bits = rest.charCodeAt(0) - 97
    const link = this.href === undefined ? {} : { link: { href: this.href, title: this.linkTitle } }
    this.href = undefined
    this.linkTitle = this.imageTitle = ''
    this.hasRun = true
    return { kind: bits & 8 ? 'code' : kind, style: bits & ~8, ...link, ...more }
  }

  private text(text: string): void {
    if (!text) return
    if (!this.hasRun) this.out.push({ op: 'run', look: { kind: 'text', style: 0 } })
    this.hasRun = true
    this.out.push({ op: 'text', text })
  }
}
