type Fields = Readonly<Record<string, unknown>>

/** Names by which a stream could reach the prototype of every object. */
const unsafe: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** `update` over `base`, objects field by field to any depth; lists and all else are replaced. Neither is changed. */
export function mergeMetadata(base: unknown, update: unknown): unknown {
  if (update === undefined || update === null) return base
  if (!isFields(base) || !isFields(update)) return update
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(update)) {
    if (value === undefined || unsafe.has(name)) continue
    // Own fields only: `toString` of every object is no base to merge with.
    const former = Object.prototype.hasOwnProperty.call(base, name) ? base[name] : undefined
    merged[name] = value === null ? null : mergeMetadata(former, value)
  }
  return merged
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
