/**
 * Gathers the lines of a text that comes in pieces. A piece that is complete JSON without the break after it is a line,
 * too: some readers take the breaks away.
 */
export function createLineBuffer(): { add(piece: string): string[] } {
  let rest = ''
  return {
    add(piece) {
      const lines = (rest + piece).split(/\r\n|\r|\n/)
      rest = lines.pop() ?? ''
      if (isObject(rest)) {
        lines.push(rest)
        rest = ''
      }
      return lines.filter((line) => line.trim() !== '')
    },
  }
}

function isObject(text: string): boolean {
  if (!/^\s*\{[^]*\}\s*$/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
