/** Where an answer has something from: an object of the app's own, or a part `source-url` or `source-document` of a message. */
export interface TextSource {
  readonly type?: string
  readonly id?: string | number
  readonly sourceId?: string
  readonly url?: string
  readonly title?: string
}

/** What an app hands over as sources: addresses, objects, or all parts of a message. */
export type GivenSources = readonly (string | TextSource | object)[]

/** Those that are sources, of a message's parts too. */
export function sourceList(given: GivenSources): readonly TextSource[] {
  return given
    .map((one): TextSource => (typeof one === 'string' ? { url: one } : one))
    .filter(({ type }) => !type || /^source/.test(type))
}

/** The place of the source that a citation names: by its id, or else by its number; `4:0` is the first. -1 where there is none. */
export function sourceIndex(sources: readonly TextSource[], label: string): number {
  const named = sources.findIndex(({ id, sourceId }) => String(id ?? sourceId) === label)
  if (named >= 0) return named
  const [number = '', inner] = label.split(':')
  const index = inner ? Number(inner) : Number(number) - 1
  return index < sources.length ? index : -1
}
