import type { ContentFilter, TextStream } from './content-filter.js'

/** The chunks of one run, filtered: texts that stream as wholes, everything else chunk by chunk. */
export interface ChunkFilter {
  /** @returns what can be written by now; it may be nothing */
  push(chunk: unknown): readonly unknown[]
  /** @returns what was held back */
  flush(): readonly unknown[]
}

type Fields = Readonly<Record<string, unknown>>

/** Of the UI message stream: chunks that carry a piece of a text, with the fields of its id and of the piece. */
const deltas: Readonly<Record<string, readonly [id: string, piece: string]>> = {
  'text-delta': ['id', 'delta'],
  'reasoning-delta': ['id', 'delta'],
  'tool-input-delta': ['toolCallId', 'inputTextDelta'],
}

/** Chunks after which a text is over. */
const ends: Readonly<Record<string, string>> = {
  'text-end': 'text-delta',
  'reasoning-end': 'reasoning-delta',
  'tool-input-available': 'tool-input-delta',
}

/** Names, not texts: changing them would break the stream. */
const names = new Set(['type', 'id', 'toolCallId', 'toolName', 'messageId', 'sourceId', 'mediaType'])

interface HeldText {
  readonly stream: TextStream
  /** The last piece's chunk, to put what was held into. */
  chunk: Fields
}

export function createChunkFilter(filter: ContentFilter): ChunkFilter {
  const held = new Map<string, HeldText>()

  function pushDelta(chunk: Fields, key: string, field: string): readonly unknown[] {
    const text = held.get(key) ?? { stream: filter.stream(), chunk }
    text.chunk = chunk
    held.set(key, text)
    const clean = text.stream.push(chunk[field] as string)
    return clean === '' ? [] : [{ ...chunk, [field]: clean }]
  }

  function flushOne(key: string): readonly unknown[] {
    const text = held.get(key)
    held.delete(key)
    const rest = text?.stream.flush() ?? ''
    if (!text || rest === '') return []
    const [, field] = deltas[text.chunk.type as string] ?? ['', 'delta']
    return [{ ...text.chunk, [field]: rest }]
  }

  const flush = () => [...held.keys()].flatMap(flushOne)

  return {
    flush,
    push(chunk) {
      if (!isFields(chunk) || typeof chunk.type !== 'string') return [filterDeep(filter, chunk)]
      const { type } = chunk
      const delta = deltas[type]
      if (delta && typeof chunk[delta[1]] === 'string')
        return pushDelta(chunk, `${type} ${String(chunk[delta[0]])}`, delta[1])
      const over = ends[type]
      const id = chunk[over === undefined ? '' : (deltas[over]?.[0] ?? '')]
      const before = over !== undefined ? flushOne(`${over} ${String(id)}`) : type === 'finish' ? flush() : []
      return [...before, filterDeep(filter, chunk, names)]
    },
  }
}

/** Every string in a JSON value; at the top those of `except` stay. */
export function filterDeep(filter: ContentFilter, value: unknown, except?: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return filter.text(value)
  if (Array.isArray(value)) return value.map((item) => filterDeep(filter, item))
  if (!isFields(value)) return value
  // As it will be written: dates and the like say themselves what they are in JSON.
  if (typeof value.toJSON === 'function') return filterDeep(filter, (value.toJSON as () => unknown)())
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, except?.has(name) ? item : filterDeep(filter, item)]),
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
