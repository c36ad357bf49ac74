import { eventually } from './eventually.js'
import { createRedisLine, type RedisLine } from './redis-line.js'
import { createRedisServer, type RedisServer } from './redis-server.js'

/** A Redis and its replica behind one address, which leads to the first. */
export interface RedisPair {
  readonly url: string
  readonly front: RedisLine
  master(): RedisServer
  replica(): RedisServer
  /** The replica gets what was written until now, and soon nothing more. */
  part(): Promise<void>
  /** The master dies, the replica takes its place. */
  failOver(): Promise<void>
  /** The replica takes over; the master lives on as its replica, and open connections stay with it. */
  demote(): Promise<void>
  close(): Promise<void>
}

const offsetOf = async (server: RedisServer, name: string) =>
  Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await server.ask('INFO', 'replication'))?.[1] ?? -1)

export async function createRedisPair(): Promise<RedisPair> {
  const settings = { 'repl-diskless-sync-delay': '0' }
  const master = await createRedisServer('everysec', settings)
  const replica = await createRedisServer('everysec', settings)
  const link = await createRedisLine(master.port)
  await replica.ask('REPLICAOF', '127.0.0.1', String(link.port))
  await eventually('the replica is up', async () =>
    (await replica.ask('INFO', 'replication')).includes('master_link_status:up'),
  )
  const front = await createRedisLine(master.port)
  async function caughtUp() {
    // Of what nodes write meanwhile there is no end: the two never say the same.
    const written = await offsetOf(master, 'master_repl_offset')
    await eventually(
      'the replica has everything',
      async () => (await offsetOf(replica, 'slave_repl_offset')) >= written,
    )
  }
  return {
    url: front.url,
    front,
    master: () => master,
    replica: () => replica,
    async part() {
      await caughtUp()
      link.accept('none')
      link.swallow('all')
    },
    async failOver() {
      await master.kill()
      await replica.ask('REPLICAOF', 'NO', 'ONE')
      front.leadTo(replica.port)
      front.cut()
    },
    async demote() {
      await caughtUp()
      await replica.ask('REPLICAOF', 'NO', 'ONE')
      await master.ask('REPLICAOF', '127.0.0.1', String(replica.port))
      front.leadTo(replica.port)
    },
    async close() {
      await Promise.all([front.close(), link.close(), master.close(), replica.close()])
    },
  }
}
