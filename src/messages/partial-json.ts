/**
 * The value of JSON that has come in part: strings, lists and objects that are still open count as far as they go; a key
 * without its value does not. `undefined` when it is no JSON so far.
 */
export function partialJson(text: string): unknown {
  const whole = parse(text)
  if (whole !== undefined) return whole.value
  const [end, tail] = readable(text)
  return parse(text.slice(0, end) + tail)?.value
}

/** Up to where the text can be read, and what closes it there. */
function readable(text: string): [end: number, tail: string] {
  const closers: string[] = []
  let end = 0
  let tail = ''
  let isKey = false

  // Only what is put behind the last closer opens one, so those open at the end were open here.
  const upTo = (at: number, rest = '') => {
    end = at
    tail = rest
  }

  let at = 0
  // What follows the value is not of it.
  while (at < text.length && (end === 0 || closers.length > 0)) {
    const char = text.charAt(at)
    if (char === '"') {
      const after = afterString(text, at)
      if (after !== undefined) {
        at = after
        if (!isKey) upTo(at)
        continue
      }
      if (!isKey) upTo(wholeCharacters(text, at), '"')
      break
    }
    if (isWord(char)) {
      const from = at
      while (at < text.length && isWord(text.charAt(at))) at++
      const word = text.slice(from, at)
      if (at < text.length) upTo(at)
      else if (/^[a-z]/.test(word)) upTo(from + word.length, restOfLiteral(word))
      else {
        const number = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(word)?.[0]
        if (number) upTo(from + number.length)
      }
      continue
    }
    at++
    if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']')
      upTo(at)
      isKey = char === '{'
    } else if (char === '}' || char === ']') {
      closers.pop()
      upTo(at)
    } else if (char === ',') isKey = closers[closers.length - 1] === '}'
    else if (char === ':') isKey = false
  }
  return [end, tail + closers.reverse().join('')]
}

/** The index after the string that begins here; undefined while it is open. */
function afterString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\\') at++
    else if (char === '"') return at + 1
  }
  return undefined
}

/** The end of an open string without an escape that is not whole. */
function wholeCharacters(text: string, from: number): number {
  const escape = /\\(?:u[\da-fA-F]{0,3})?$/.exec(text.slice(Math.max(from, text.length - 6)))
  if (!escape) return text.length
  const at = text.length - escape[0].length
  // An even number of backslashes before it: they escape each other, and this one begins an escape.
  let before = at
  while (text.charAt(before - 1) === '\\') before--
  return (at - before) % 2 === 0 ? at : text.length
}

const isWord = (char: string) => /[\w+.-]/.test(char)

function restOfLiteral(word: string): string {
  const literal = ['true', 'false', 'null'].find((name) => name.startsWith(word))
  return literal?.slice(word.length) ?? ''
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
