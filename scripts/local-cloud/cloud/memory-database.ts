// A stand-in for `uniCloud.database()`: a JSON store with unique ids and its default page of 100. It can't show the
// real one's latency, quotas, indexes, permissions, nor failures other than the duplicate key.
import type { CloudDatabase } from '../../../src/cloud/database-log.js'

type Document = Record<string, unknown> & { _id: string }
type Test = (value: unknown) => boolean
type Query = ReturnType<CloudDatabase['collection']> extends { where(c: object): infer Q } ? Q : never

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1_000

export function createMemoryDatabase(): CloudDatabase & { readonly size: number } {
  const collections = new Map<string, Map<string, Document>>()
  let generated = 0

  function open(name: string): Map<string, Document> {
    const collection = collections.get(name) ?? new Map<string, Document>()
    collections.set(name, collection)
    return collection
  }

  return {
    get size() {
      return [...collections.values()].reduce((sum, each) => sum + each.size, 0)
    },
    command: {
      gte:
        (bound): Test =>
        (value) =>
          typeof value === 'number' && value >= bound,
      lt:
        (bound): Test =>
        (value) =>
          typeof value === 'number' && value < bound,
    },
    collection(name) {
      const documents = open(name)
      return {
        async add(fields) {
          const document = copy({ _id: `generated-${++generated}`, ...fields })
          if (documents.has(document._id)) throw new Error(`E11000 duplicate key error: ${document._id}`)
          documents.set(document._id, document)
          return { id: document._id }
        },
        where: (condition) => createQuery(documents, condition as Record<string, unknown>),
        doc: (id) => ({
          get: async () => ({ data: [documents.get(id)].filter((each) => each !== undefined).map(copy) }),
          set: async (fields) => void documents.set(id, copy({ ...fields, _id: id })),
        }),
      }
    },
  }
}

function createQuery(documents: Map<string, Document>, condition: Record<string, unknown>): Query {
  let count = DEFAULT_LIMIT
  let order: (a: Document, b: Document) => number = () => 0
  const matches = (document: Document) =>
    Object.entries(condition).every(([field, wanted]) =>
      typeof wanted === 'function' ? (wanted as Test)(document[field]) : document[field] === wanted,
    )
  const found = () => [...documents.values()].filter(matches)
  const query: Query = {
    orderBy(field, direction) {
      const sign = direction === 'asc' ? 1 : -1
      order = (a, b) => sign * (Number(a[field]) - Number(b[field]))
      return query
    },
    limit(wanted) {
      if (wanted > MAX_LIMIT) throw new Error(`limit must be at most ${MAX_LIMIT}`)
      count = wanted
      return query
    },
    get: async () => ({ data: found().sort(order).slice(0, count).map(copy) }),
    async remove() {
      found().forEach(({ _id }) => documents.delete(_id))
    },
  }
  return query
}

/** What a JSON store gives back: nothing shared, no undefined. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
