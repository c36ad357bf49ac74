import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHub } from '../../../../src/server/hub/create-hub.js'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import type { Hub } from '../../../../src/server/hub/hub.js'
import { postgresLog } from '../../../../src/server/log/postgres/postgres-log.js'
import { json } from '../../../../src/server/hub/stream-format.js'
import { eventually } from '../../../helpers/eventually.js'
import { createPostgresServer, noPostgres, type PostgresServer } from '../../../helpers/postgres-server.js'

describe.skipIf(noPostgres)(`postgresLog on two nodes${noPostgres ? ` (${noPostgres})` : ''}`, () => {
  let postgres: PostgresServer
  let logs: EventLog[]
  let hubs: [Hub, Hub]
  let errors: ChannelError[]
  beforeEach(async () => {
    postgres = await createPostgresServer()
    errors = []
    const open = () =>
      postgresLog({
        connection: { ...postgres.connection, max: 4 },
        leaseMs: 20_000,
        offlineMs: 60_000,
        onError: (error) => errors.push(error),
      })
    logs = [open(), open()]
    hubs = logs.map((log) => createHub({ log, format: json })) as [Hub, Hub]
  })
  afterEach(async () => {
    await Promise.all(logs.map((log) => log.close()))
    await postgres.close()
  })

  async function readAll(hub: Hub, channelId: string) {
    const data: unknown[] = []
    for await (const event of hub.read(channelId)) data.push(JSON.parse(event.data))
    return data
  }

  it('lets a reader of one follow a run of the other, also what is too long to be notified', async () => {
    const [a, b] = hubs
    const long = '长'.repeat(20_000)
    const { channelId } = await a.run(undefined, async function* () {
      yield 'short \u0000 \ud800'
      yield long
      yield 'after'
    })
    expect(await readAll(b, channelId)).toEqual(['short \u0000 \ud800', long, 'after', { outcome: 'done' }])
  })

  it('stops the producer on whatever node the stop arrives', async () => {
    const [a, b] = hubs
    let aborted = false
    const { channelId, ended } = await a.run(undefined, async ({ write, signal }) => {
      await write(1)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      aborted = true
    })
    expect(await b.stop(channelId)).toMatchObject({ status: 'stopped' })
    await eventually('it is aborted', () => aborted)
    expect(await ended).toBe('stopped')
  })

  it('runs once when both nodes start the same id', async () => {
    let runs = 0
    const producer = async () => void runs++
    const kinds = await Promise.all(hubs.map((hub) => hub.run('the-same', producer)))
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['attached', 'started'])
    await Promise.all(kinds.map(({ ended }) => ended))
    expect(runs).toBe(1)
  })

  it('loses and repeats nothing over a crash of Postgres, and reports it once', async () => {
    const [a, b] = hubs
    const killed = { state: 'no' }
    const { channelId, ended } = await a.run(undefined, async ({ write }) => {
      for (let i = 0; i < 200; i++) {
        await write(i)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      await eventually('it is back', () => killed.state === 'back', 60_000)
      for (let i = 200; i < 300; i++) await write(i)
    })
    const reading = readAll(b, channelId)
    await eventually('some are written', async () => ((await b.getInfo(channelId)).events ?? 0) > 50)
    await postgres.kill()
    await eventually('it can be started', async () =>
      postgres.start().then(
        () => true,
        () => false,
      ),
    )
    killed.state = 'back'
    expect(await ended).toBe('done')
    expect(await reading).toEqual([...Array.from({ length: 300 }, (_, i) => i), { outcome: 'done' }])
    await eventually('both have told', () => errors.length > 0)
    expect(errors.length).toBeLessThanOrEqual(2)
  })
})
