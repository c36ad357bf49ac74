/** A header's value; `name` in lower case. Platforms spell names as they like, and give lists for repeated ones. */
export function findHeader(headers: Readonly<Record<string, unknown>>, name: string): string | undefined {
  for (const key of Object.keys(headers)) {
    if (key.toLowerCase() !== name) continue
    const value = headers[key]
    if (value === undefined || value === null) return undefined
    return Array.isArray(value) ? value.join(', ') : String(value)
  }
  return undefined
}
