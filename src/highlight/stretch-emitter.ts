/** What highlight.js calls its classes, by the letter that the view gets. */
const letters: Readonly<Record<string, string>> = {
  keyword: 'k',
  built_in: 'k',
  type: 't',
  literal: 'n',
  number: 'n',
  symbol: 'n',
  bullet: 'n',
  string: 's',
  regexp: 's',
  char: 's',
  addition: 's',
  comment: 'c',
  quote: 'c',
  doctag: 'c',
  deletion: 'v',
  title: 't',
  section: 't',
  name: 'k',
  selector: 'k',
  tag: '_',
  variable: 'v',
  'template-variable': 'v',
  property: 'a',
  attr: 'a',
  attribute: 'a',
  meta: 'm',
  params: '_',
  subst: '_',
}

const letterOf = (scope: string) =>
  letters[scope] ?? letters[scope.split('.')[0] ?? ''] ?? letters[scope.split('-')[0] ?? ''] ?? '_'

/** Collects lengths instead of HTML. Scopes of the lines before are open when it starts. */
export class StretchEmitter {
  readonly stretches: [letter: string, length: number][] = []
  private readonly open: string[]

  constructor(open: readonly string[]) {
    this.open = open.map(letterOf)
  }

  openNode(scope: string): void {
    this.open.push(letterOf(scope))
  }

  closeNode(): void {
    this.open.pop()
  }

  startScope(scope: string): void {
    this.openNode(scope)
  }

  endScope(): void {
    this.closeNode()
  }

  addText(text: string): void {
    this.add(this.open[this.open.length - 1] ?? '_', text.length)
  }

  __addSublanguage(inner: StretchEmitter): void {
    for (const [letter, length] of inner.stretches) this.add(letter, length)
  }

  finalize(): void {
    // Lengths need no closing tags.
  }

  toHTML(): string {
    return ''
  }

  private add(letter: string, length: number): void {
    const last = this.stretches[this.stretches.length - 1]
    if (last && last[0] === letter) last[1] += length
    else if (length) this.stretches.push([letter, length])
  }
}
