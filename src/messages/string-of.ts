/** What a stream gives where a string belongs, as one: nothing is certain of a server that is not ours. */
export const stringOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : String(value)
