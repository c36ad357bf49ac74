import type { PoolConfig } from 'pg'
import { ChannelError } from '../../core/channel-error.js'
import type {
  ConversationHead,
  ConversationName,
  ConversationNode,
  ConversationStore,
} from './conversation-store.js'
import { isNotDone, sqlStateOf } from '../log/postgres/sql-state.js'
import { pageOf, readPlace } from './list-place.js'
import { postgresStatements } from './postgres-statements.js'

/** What is used of a `Pool` of the package `pg`. */
export interface PostgresPool {
  query(
    text: string,
    values: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

/** Which database, and which tables in it. */
export interface PostgresConversationsOptions {
  /**
   * `postgres://user:password@host:port/database`, or what `Pool` of the package `pg` takes: then the pool is closed with
   * the store. A pool of yours stays open.
   */
  readonly connection: string | PostgresPool | Readonly<Record<string, unknown>>
  /** Of the names of both tables: lower case letters, digits, `_`; with a schema in front, if one is to be. Default `uni_sse_`. */
  readonly prefix?: string
  /**
   * `ensure` makes the tables where there are none, once in a process; `none` leaves that to you.
   * Default `ensure`.
   */
  readonly tables?: 'ensure' | 'none'
  /** How long a call waits for a Postgres that is away, in milliseconds, before it fails. Default 5,000. */
  readonly offlineMs?: number
}

interface OwnPool extends PostgresPool {
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

const RETRY_MS = 100

const isPool = (connection: object): connection is PostgresPool =>
  typeof (connection as { readonly query?: unknown }).query === 'function'

/**
 * Conversations in Postgres 12 or later, in two tables. Needs the package `pg`, unless it is given a pool. Each call is one
 * statement.
 * @throws {ChannelError} BAD_OPTIONS: a prefix that is none
 */
export function postgresConversations(options: PostgresConversationsOptions): ConversationStore {
  const { connection, prefix = 'uni_sse_', tables = 'ensure', offlineMs = 5_000 } = options
  const sql = postgresStatements(prefix)
  let own: OwnPool | undefined
  let opened: Promise<PostgresPool> | undefined
  let state: 'open' | 'closed' = 'open'

  async function open(): Promise<PostgresPool> {
    const pool = typeof connection === 'object' && isPool(connection) ? connection : await makePool()
    if (tables === 'ensure') await pool.query(sql.ensure, [])
    return pool
  }

  async function makePool(): Promise<PostgresPool> {
    if (own) return own
    const { default: pg } = await import('pg')
    const settings = typeof connection === 'string' ? { connectionString: connection } : connection
    own = new pg.Pool(settings as PoolConfig) as unknown as OwnPool
    // Of a connection that nobody uses at the moment: the next call makes another.
    own.on('error', () => undefined)
    return own
  }

  async function queryOnce(text: string, values: readonly unknown[]) {
    opened ??= open()
    const pool = await opened.catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return (await pool.query(text, values)).rows
  }

  /** @param isAgain whether it may be said again, after this failure */
  async function query(text: string, values: readonly unknown[], isAgain: (cause: unknown) => boolean) {
    const deadline = performance.now() + offlineMs
    for (;;) {
      if (state === 'closed') throw new ChannelError('SERVER_ERROR', 'The store of conversations is closed.')
      try {
        return await queryOnce(text, values)
      } catch (cause) {
        const message = 'Postgres did not do what the store of conversations asked for.'
        if (!isAgain(cause) || performance.now() + RETRY_MS > deadline)
          throw new ChannelError('SERVER_ERROR', message, { cause })
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  const read = (text: string, values: readonly unknown[]) =>
    query(text, values, (cause) => sqlStateOf(cause) === '' || isNotDone(cause))

  /** What may have been done is not done twice: it is for whoever asked to look. */
  const change = (text: string, values: readonly unknown[]) => query(text, values, isNotDone)

  return {
    async load(name, keys) {
      const rows = await read(sql.load, [...named(name), keys ? keys.map(asText) : null])
      const [first] = rows
      if (!first) return undefined
      const nodes = rows.flatMap(({ node }) =>
        typeof node === 'string' ? [JSON.parse(node) as ConversationNode] : [],
      )
      return { rev: Number(first.rev), head: JSON.parse(String(first.head)) as ConversationHead, nodes }
    },

    async write(name, { ifRev, head, put, removed, most }) {
      const { isPinned, updatedAt } = head.info
      const nodes = [put.map(({ key }) => asText(key)), put.map((node) => JSON.stringify(node))]
      const values = [...named(name), JSON.stringify(head), isPinned, updatedAt, ...nodes]
      const rows =
        ifRev === 0
          ? await change(sql.create, [...values, most ?? null])
          : await change(sql.change, [...values, ifRev, removed.map(asText)])
      if (rows[0]?.is_full === true) throw new ChannelError('CONVERSATION_LIMIT')
      return Number(rows[0]?.written) === 1
    },

    async list(userId, { limit, after }) {
      const place = after === undefined ? undefined : readPlace(after)
      const from = [place?.isPinned ?? null, place?.updatedAt ?? null, place?.id ?? null]
      const rows = await read(sql.list, [asText(userId), limit + 1, ...from])
      return pageOf(
        rows.map(({ head }) => (JSON.parse(String(head)) as ConversationHead).info),
        limit,
      )
    },

    async remove(name) {
      return (await change(sql.remove, named(name))).length > 0
    },

    async close() {
      if (state === 'closed') return
      state = 'closed'
      await opened?.catch(() => undefined)
      await own?.end()
    },
  }
}

/** Postgres has no text with U+0000 or half a character in it; JSON writes both as escapes. */
const asText = (text: string) => JSON.stringify(text)

const named = ({ userId, chatId }: ConversationName) => [asText(userId), chatId]
