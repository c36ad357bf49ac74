/**
 * Whether this is what a platform hands to the listener of a click, as `@click="start"` passes it on. Browsers, mini
 * programs and App have no class of events in common, but these fields.
 */
export function isDomEvent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (!('target' in value && 'currentTarget' in value && 'type' in value)) return false
  return typeof value.type === 'string' && ('timeStamp' in value || 'detail' in value)
}
