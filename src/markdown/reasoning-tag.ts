const names = ['think', 'thinking', 'thought', 'reasoning']
const tag = (begin: string) => new RegExp(`${begin}(?:${names.join('|')})(?:\\s[^<>]{0,200})?>`, 'i')

const atStart = tag('^<\\/?')

/** The tag that ends a reasoning section, whichever opened it. */
export const reasoningEnd = tag('<\\/')

/** The reasoning tag, opening or closing, that `text` begins with. */
export function reasoningTag(text: string): string | undefined {
  const found = atStart.exec(text)
  return found ? found[0] : undefined
}

/** Whether `text` may be the beginning of a reasoning tag. */
export function beginsReasoningTag(text: string): boolean {
  const found = /^<\/?([a-z]*)(\s[^<>]{0,200})?$/i.exec(text)
  const name = found ? (found[1] as string).toLowerCase() : ''
  return !!found && names.some((one) => (found[2] ? one === name : one.indexOf(name) === 0))
}
