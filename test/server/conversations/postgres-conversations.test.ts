import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import { postgresConversations } from '../../../src/server/conversations/postgres-conversations.js'
import { eventually } from '../../helpers/eventually.js'
import { createPostgresServer, noPostgres, type PostgresServer } from '../../helpers/postgres-server.js'
import { conversationStoreContract } from './conversation-store.contract.js'

const title = `postgresConversations${noPostgres ? ` (${noPostgres})` : ''}`

describe.skipIf(noPostgres)(title, () => {
  let postgres: PostgresServer
  let prefixes = 0
  const open = () => postgresConversations({ connection: postgres.connection, prefix: `t${++prefixes}_` })
  beforeAll(async () => {
    postgres = await createPostgresServer()
  })
  afterAll(() => postgres.close())

  conversationStoreContract({ name: 'postgresConversations', create: async () => open() })

  const info = { id: 'a', title: '', isPinned: false, isUnread: false, createdAt: 1, updatedAt: 1 }
  const head = { info, queue: [], frame: 0, runs: [], aliases: {} }
  const name = { userId: 'ann', chatId: 'a' }
  const message = { id: 'm', role: 'user', parts: [] } as const
  const write = { ifRev: 0, head, put: [{ key: 'm', message }], removed: [] }

  it('lets many processes make the tables at once', async () => {
    const prefix = `t${++prefixes}_`
    const nodes = Array.from({ length: 6 }, () =>
      postgresConversations({ connection: postgres.connection, prefix }),
    )
    const lists = await Promise.all(nodes.map((node) => node.list('ann', { limit: 1 })))
    expect(lists).toEqual(Array.from({ length: 6 }, () => ({ conversations: [] })))
    for (const node of nodes) await node.close()
  })

  it('uses a pool of the application, in a schema of its own, and leaves it open', async () => {
    const pool = new pg.Pool(postgres.connection)
    await pool.query('create schema app')
    const store = postgresConversations({ connection: pool, prefix: 'app.chat_' })
    expect(await store.write(name, write)).toBe(true)
    await store.close()
    const { rows } = await pool.query('select key from app.chat_conversation_messages')
    expect(rows).toEqual([{ key: '"m"' }])
    await expect(store.load(name)).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    await pool.end()
  })

  it('refuses a prefix that would be more than a name', () => {
    for (const prefix of ['x; drop table y; --', 'X', '', 'a.b.c', '"a"'])
      expect(() => postgresConversations({ connection: '', prefix })).toThrow(/prefix takes/)
  })

  it('says that Postgres is away, and works again when it is back', async () => {
    const gone = postgresConversations({ connection: { host: '/nowhere', user: 'x', database: 'y' } })
    await expect(gone.load(name)).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    await gone.close()
    const store = open()
    await store.write(name, write)
    const admin = new pg.Pool(postgres.connection)
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()')
    await admin.end()
    await expect
      .poll(
        () =>
          store.load(name).then(
            (record) => record?.nodes.length,
            () => 'away',
          ),
        { timeout: 30_000 },
      )
      .toBe(1)
    await store.close()
  })

  it('waits for one that begins again, and writes once', async () => {
    const store = postgresConversations({
      connection: postgres.connection,
      prefix: `t${++prefixes}_`,
      offlineMs: 60_000,
    })
    expect(await store.load(name)).toBeUndefined()
    await postgres.kill()
    const written = store.write(name, write)
    await eventually('it can be started', async () =>
      postgres.start().then(
        () => true,
        () => false,
      ),
    )
    expect(await written).toBe(true)
    expect(await store.load(name)).toMatchObject({ rev: 1 })
    await store.close()
  })
})
