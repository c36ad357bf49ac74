/** A value that went into a tool or came out of it, as a reader takes it in. */
export interface ValueBlock {
  readonly label: string
  /** Of an object that is no more than names and plain values. */
  readonly rows: readonly { readonly name: string; readonly value: string }[]
  /** Anything else, as JSON; empty where there is nothing. */
  readonly text: string
}

/** More names than a reader takes in at once are data. */
const MAX_ROWS = 12

const isPlain = (value: unknown) => typeof value !== 'object' || value === null

export function valueBlock(label: string, value: unknown): ValueBlock {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
    if (entries.length > 0 && entries.length <= MAX_ROWS && entries.every(([, one]) => isPlain(one)))
      return { label, rows: entries.map(([name, one]) => ({ name, value: String(one) })), text: '' }
  }
  const text =
    value === undefined ? '' : typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
  return { label, rows: [], text }
}
