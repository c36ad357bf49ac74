/** The end of the text, whatever the flags say of `$`. */
const END = '(?![^])'

const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/
const escape = /^\\(?:u\{[^}]*\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|[pP]\{[^}]*\}|[^])/i
const group = /^\((?:\?:|\?<[^=!>]+>)?/

/**
 * A pattern that matches where a match of this one could have begun that goes on beyond the end of the text: whatever it
 * wants next may also be the end.
 * Undefined for patterns that look around, back or at flags of a part: what they want cannot be cut off.
 */
export function unfinishedMatch({ source, flags }: RegExp): RegExp | undefined {
  let rest = source

  function take(length: number): string {
    const taken = rest.slice(0, length)
    rest = rest.slice(length)
    return taken
  }

  function atom(): string | undefined {
    const first = rest.charAt(0)
    if (first === '(') {
      const open = group.exec(rest)?.[0] ?? '('
      if (open === '(' && rest.charAt(1) === '?') return undefined
      take(open.length)
      const inner = alternatives()
      if (inner === undefined || take(1) !== ')') return undefined
      return `(?:${inner}|${END})`
    }
    if (first === '[') return orEnd(take(classLength(rest)))
    if (first === '\\') {
      const escaped = escape.exec(rest)?.[0] ?? ''
      // `\1` and `\k` want what is not known in the rest of a text.
      return /^\\[1-9k]/.test(escaped) ? undefined : orEnd(take(escaped.length))
    }
    return orEnd(take((rest.codePointAt(0) ?? 0) > 0xffff ? 2 : 1))
  }

  function alternatives(): string | undefined {
    let made = ''
    while (rest !== '' && !rest.startsWith(')')) {
      if (rest.startsWith('|')) {
        made += take(1)
        continue
      }
      const next = atom()
      if (next === undefined) return undefined
      made += next + take(quantifier.exec(rest)?.[0].length ?? 0)
    }
    return made
  }

  const made = alternatives()
  if (made === undefined || rest !== '') return undefined
  return new RegExp(`(?:${made})${END}`, `${flags.replace(/[gy]/g, '')}g`)
}

const orEnd = (part: string) => `(?:${part}|${END})`

/** Of a character class, up to and with its bracket. */
function classLength(source: string): number {
  let at = 1
  while (at < source.length && source.charAt(at) !== ']') at += source.charAt(at) === '\\' ? 2 : 1
  return at + 1
}
