/** Links inside of an answer: from a citation to its source, to a footnote, and back from there. */
export interface Jump {
  readonly to: 'cite' | 'note' | 'back'
  readonly label: string
}

/** What an address that the engine made, or a view, leads to. */
export function jumpOf(href: string): Jump | undefined {
  const found = /^#(cite|note|back)-(.+)$/.exec(href)
  return found ? { to: found[1] as Jump['to'], label: found[2] as string } : undefined
}
