import { ChannelError } from '../../../core/channel-error.js'
import { isForLater, sqlStateOf } from './sql-state.js'

/** What is used of a `Pool` of the package `pg`, or of one that speaks like it. */
export interface PostgresLogPool {
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>
  connect(): Promise<PostgresLogClient>
}

/** What is used of a client of the package `pg`: the one that listens. */
export interface PostgresLogClient {
  query(text: string): Promise<unknown>
  on(
    event: 'notification',
    listener: (message: { readonly channel: string; readonly payload?: string }) => void,
  ): unknown
  on(event: 'error' | 'end', listener: (error: Error) => void): unknown
  /** True: it is not used again. */
  release(destroy?: boolean): void
}

interface OwnPool extends PostgresLogPool {
  on(event: 'error', listener: (error: Error) => void): unknown
  end(): Promise<void>
}

/** `postgres://user:password@host:port/database`, what `Pool` of `pg` takes, or a pool of yours, which stays open. */
export type PostgresConnection = string | PostgresLogPool | Readonly<Record<string, unknown>>

export interface PoolOptions {
  readonly connection: PostgresConnection
  /** Run once over each new pool, before anything else. */
  readonly ensure: string
  /** How long a call waits for a Postgres that is away, in milliseconds. */
  readonly offlineMs: number
  /** Hears once of every outage. */
  readonly onError: (error: ChannelError) => void
}

/** Statements that wait for a Postgres that is away: it must not matter if one is run twice. */
export interface Pool {
  /** @throws {ChannelError} SERVER_ERROR, SERVER_BUSY (its disk is full) */
  ask(text: string, values: readonly unknown[]): Promise<readonly unknown[]>
  /** A connection of its own. */
  connect(): Promise<PostgresLogClient>
  close(): Promise<void>
}

const RETRY_MS = 100
const FULL = /^(53100|53200|54)/

/** Where Postgres did not say what is wrong nobody knows more than that it gave no answer. */
function troubleOf(said: string, cause: unknown): ChannelError {
  if (FULL.test(said)) return new ChannelError('SERVER_BUSY', 'Postgres has no room.', { cause })
  return said === '' ? noAnswer(cause) : new ChannelError('SERVER_ERROR', REFUSED, { cause })
}

const REFUSED = 'Postgres did not do what the event log asked for. The cause says why.'

export const noAnswer = (cause?: unknown) =>
  new ChannelError('SERVER_ERROR', 'The event log gets no answer from Postgres.', { cause })

const isPool = (connection: object): connection is PostgresLogPool =>
  typeof (connection as { readonly connect?: unknown }).connect === 'function'

export function createPool({ connection, ensure, offlineMs, onError }: PoolOptions): Pool {
  let own: OwnPool | undefined
  let opened: Promise<PostgresLogPool> | undefined
  let ensured: Promise<unknown> | undefined
  let state: 'open' | 'closed' = 'open'
  let outage: 'none' | 'told' = 'none'
  const isOpen = () => state === 'open'

  async function makePool(): Promise<PostgresLogPool> {
    if (typeof connection === 'object' && isPool(connection)) return connection
    const { default: pg } = await import('pg')
    const options = typeof connection === 'string' ? { connectionString: connection } : connection
    // A server that is silent is left for another connection.
    const patience = { connectionTimeoutMillis: 3_000, query_timeout: 10_000, keepAlive: true }
    own = new pg.Pool({ ...patience, ...options }) as unknown as OwnPool
    // Of a connection that nobody uses at the moment: the next call makes another.
    own.on('error', () => undefined)
    return own
  }

  async function query(text: string, values: readonly unknown[]) {
    const pool = await (opened ??= makePool())
    ensured ??= pool.query(ensure).catch((error: unknown) => {
      ensured = undefined
      throw error
    })
    await ensured
    return (await pool.query(text, values)).rows
  }

  return {
    async ask(text, values) {
      const deadline = performance.now() + offlineMs
      for (;;) {
        if (!isOpen()) throw new ChannelError('SERVER_ERROR', 'The event log is closed.')
        try {
          const rows = await query(text, values)
          outage = 'none'
          return rows
        } catch (cause) {
          const said = sqlStateOf(cause)
          const later = said === '' || isForLater(said)
          const error = troubleOf(said, cause)
          // Two that stood in each other's way are no outage.
          if (outage === 'none' && isOpen() && !said.startsWith('40')) {
            outage = 'told'
            onError(error)
          }
          if (!later || performance.now() + RETRY_MS > deadline) throw error
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    },
    connect: async () => (await (opened ??= makePool())).connect(),
    async close() {
      state = 'closed'
      await own?.end()
    },
  }
}
