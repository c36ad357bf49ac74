import { toControl, type ChannelLog, type ControlName } from './channel-log.js'
import type { EntryKind, LogEntry } from './wire.js'

/** As much of `uniCloud.database()` as the log uses. */
export interface CloudDatabase {
  collection(name: string): CloudCollection
  readonly command: { gte(value: number): unknown; lt(value: number): unknown }
}

interface CloudQuery {
  orderBy(field: string, direction: 'asc' | 'desc'): CloudQuery
  limit(count: number): CloudQuery
  get(): Promise<{ readonly data: readonly object[] }>
  remove(): Promise<unknown>
}

interface CloudCollection {
  add(document: object): Promise<unknown>
  where(condition: object): CloudQuery
  doc(id: string): {
    get(): Promise<{ readonly data: readonly object[] }>
    set(fields: object): Promise<unknown>
  }
}

/** One append: its entries as JSON text, since a message may have keys that mean something to the database. */
interface BatchDocument {
  readonly kind: 'entries'
  readonly from: number
  readonly to: number
  readonly entries: string
}

interface OwnerDocument {
  readonly owner: string
}

interface ControlDocument {
  readonly name: ControlName
  readonly value: string
}

/** Documents of one query; each holds one entry at least. */
const DOCUMENTS = 100

/**
 * A log in a collection of uniCloud's database, with an index on `channelId` and `to`, closed to clients: see
 * uniCloud-aliyun/database. One document for each append, which holds what was written within `coalesceMs`.
 * @param collection default `uni-sse-channel`
 */
export function databaseLog(database: CloudDatabase, collection = 'uni-sse-channel'): ChannelLog {
  const documents = () => database.collection(collection)

  async function find(id: string): Promise<object | undefined> {
    return (await documents().doc(id).get()).data[0]
  }

  return {
    async claim(channelId, owner, expiresAt) {
      const _id = `${channelId}-owner`
      try {
        await documents().add({ _id, channelId, kind: 'owner', owner, expiresAt })
        return true
      } catch (thrown) {
        // A claim whose answer was lost is sent again.
        const found = (await find(_id)) as OwnerDocument | undefined
        if (!found) throw thrown
        return found.owner === owner
      }
    },

    async append(channelId, entries, expiresAt) {
      const from = (entries[0] as LogEntry).seq
      const to = from + entries.length - 1
      const _id = `${channelId}-${from}`
      const text = JSON.stringify(entries.map(({ kind, message }) => [kind, message]))
      try {
        await documents().add({ _id, channelId, kind: 'entries', from, to, entries: text, expiresAt })
      } catch (thrown) {
        // An append whose answer was lost is sent again: its id tells.
        if (!(await find(_id))) throw thrown
      }
    },

    async read(channelId, from, limit) {
      const read: LogEntry[] = []
      for (let next = from; read.length < limit; next = from + read.length) {
        const { data } = await documents()
          .where({ channelId, kind: 'entries', to: database.command.gte(next) })
          .orderBy('to', 'asc')
          .limit(DOCUMENTS)
          .get()
        read.push(...toEntries(data as readonly BatchDocument[], next))
        if (data.length < DOCUMENTS) break
      }
      return read.slice(0, limit)
    },

    async control(channelId) {
      const found = await documents().where({ channelId, kind: 'control' }).limit(10).get()
      const values = (found.data as readonly ControlDocument[]).map(
        ({ name, value }) => [name, value] as const,
      )
      return toControl(Object.fromEntries(values) as Partial<Record<ControlName, string>>)
    },

    // A document for each value, because several parties write and `set` replaces the whole document.
    async setControl(channelId, name, value, expiresAt) {
      await documents()
        .doc(`${channelId}-${name}`)
        .set({ channelId, kind: 'control', name, value, expiresAt })
    },

    async expire(now) {
      await documents()
        .where({ expiresAt: database.command.lt(now) })
        .remove()
    },
  }
}

function toEntries(batches: readonly BatchDocument[], from: number): LogEntry[] {
  return batches
    .flatMap((batch) =>
      (JSON.parse(batch.entries) as [EntryKind, unknown][]).map(([kind, message], index) => ({
        seq: batch.from + index,
        kind,
        message,
      })),
    )
    .filter(({ seq }) => seq >= from)
}
