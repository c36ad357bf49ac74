/** The end of the text, whatever the flags say of `$`. */
const END = '(?![^])'

const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/
const escape = /^\\(?:u\{[^}]*\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|[pP]\{[^}]*\}|[^])/i
const group = /^\((?:\?:|\?<[^=!>]+>)?/

/** How the length of what a part matches varies: what a loop around it can do in how many ways. */
enum Variation {
  None,
  Bounded,
  Unbounded,
}

interface Part {
  readonly made: string
  readonly varies: Variation
}

/**
 * A pattern that matches where a match of this one could have begun that goes on beyond the end of the text: whatever it
 * wants next may also be the end.
 * Undefined for patterns that look around, back or at flags of a part: what they want cannot be cut off. And for loops
 * that can match one text in many ways, `(\d+ ?)+`: alone they take the first, but to reach the end they would try all,
 * which are too many after thirty characters.
 */
export function unfinishedMatch({ source, flags }: RegExp): RegExp | undefined {
  let rest = source

  function take(length: number): string {
    const taken = rest.slice(0, length)
    rest = rest.slice(length)
    return taken
  }

  function atom(): Part | undefined {
    const first = rest.charAt(0)
    if (first === '(') {
      const open = group.exec(rest)?.[0] ?? '('
      if (open === '(' && rest.charAt(1) === '?') return undefined
      take(open.length)
      const inner = alternatives()
      if (inner === undefined || take(1) !== ')') return undefined
      return { made: `(?:${inner.made}|${END})`, varies: inner.varies }
    }
    if (first === '[') return orEnd(take(classLength(rest)))
    if (first === '\\') {
      const escaped = escape.exec(rest)?.[0] ?? ''
      // `\1` and `\k` want what is not known in the rest of a text.
      return /^\\[1-9k]/.test(escaped) ? undefined : orEnd(take(escaped.length))
    }
    return orEnd(take((rest.codePointAt(0) ?? 0) > 0xffff ? 2 : 1))
  }

  function repeated(): Part | undefined {
    const part = atom()
    const times = quantifier.exec(rest)?.[0] ?? ''
    if (!part) return undefined
    const loop = /^(?:[*+]|\{\d+,\})/.test(times) ? Variation.Unbounded : Variation.Bounded
    const isLoop = times !== '' && !times.startsWith('?')
    if (isLoop && part.varies + loop > Variation.Unbounded) return undefined
    const own = times === '' || /^\{\d+\}/.test(times) ? Variation.None : loop
    return { made: part.made + take(times.length), varies: Math.max(part.varies, own) }
  }

  function alternatives(): Part | undefined {
    let made = ''
    let varies = Variation.None
    const beginnings = [rest]
    while (rest !== '' && !rest.startsWith(')')) {
      if (rest.startsWith('|')) {
        made += take(1)
        beginnings.push(rest)
        continue
      }
      const next = repeated()
      if (next === undefined) return undefined
      made += next.made
      varies = Math.max(varies, next.varies)
    }
    if (!areApart(beginnings)) varies = Math.max(varies, Variation.Bounded)
    return { made, varies }
  }

  const whole = alternatives()
  if (whole === undefined || rest !== '') return undefined
  return new RegExp(`(?:${whole.made})${END}`, `${flags.replace(/[gy]/g, '')}g`)
}

/** Whether the first character tells which of these it is. */
function areApart(alternatives: readonly string[]): boolean {
  const letters = alternatives.map((source) => source.charAt(0).toLowerCase())
  return (
    alternatives.length === 1 ||
    (new Set(letters).size === letters.length && letters.every((letter) => !/^[\\[(.^$|)]?$/.test(letter)))
  )
}

const orEnd = (part: string): Part => ({ made: `(?:${part}|${END})`, varies: Variation.None })

/** Of a character class, up to and with its bracket. */
function classLength(source: string): number {
  let at = 1
  while (at < source.length && source.charAt(at) !== ']') at += source.charAt(at) === '\\' ? 2 : 1
  return at + 1
}
