/** What an object says, of whoever sent it: nothing is certain to be there. */
export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}

export const firstOf = (value: unknown): Fields => fieldsOf(listOf(value)[0])

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The first of these that is a text with something in it. */
export function anyTextOf(...values: readonly unknown[]): string {
  for (const value of values) if (typeof value === 'string' && value !== '') return value
  return ''
}

/** An id, which some write as a number. */
export const idOf = (value: unknown): string => (typeof value === 'number' ? String(value) : textOf(value))

/** The text as JSON; what is none stays the text it is. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** These fields without those that say nothing: undefined, null, an empty text. */
export function known(fields: Fields): Fields {
  const entries = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return Object.fromEntries(entries)
}
