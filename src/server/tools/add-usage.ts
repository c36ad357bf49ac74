import { fieldsOf } from '../../vendors/fields.js'

/** What several calls of a model say with their ends, as one: of tokens the sum, of all else the last word. */
export function addUsage() {
  let told: Record<string, unknown> | undefined

  return {
    add(metadata: unknown) {
      if (typeof metadata !== 'object' || metadata === null) return
      const sum: Record<string, unknown> = { ...fieldsOf(told?.usage) }
      const usage = fieldsOf(fieldsOf(metadata).usage)
      for (const [name, value] of Object.entries(usage))
        sum[name] = typeof value === 'number' ? Number(sum[name] ?? 0) + value : value
      told = { ...told, ...metadata, ...(Object.keys(sum).length > 0 && { usage: sum }) }
    },

    /** For a `finish`. */
    metadata: () => (told ? { messageMetadata: told } : {}),
  }
}
