import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { breakDuring } from './break-during.js'
import { redisFaults } from './faults.js'
import { startTestCluster, type TestCluster } from './start-test-cluster.js'
import { redisStore, type RedisStore } from './stores.js'

/** Shorter than Redis is paused. */
const LEASE_MS = 4_500
/** Of a lease a fifth is left for the news to travel: enough on a busy machine. */
const LONG_LEASE_MS = 15_000
// npm run cluster-faults does it with 200 and the lease of a product.
const RUNS = 50

let cluster: TestCluster<RedisStore>

const nothingWrong = { runs: RUNS, lost: 0, repeated: 0, doubled: 0, failures: [] }

describe(`a cluster of two nodes, with ${RUNS} answers running`, () => {
  beforeAll(async () => {
    cluster = await startTestCluster(await redisStore(), LEASE_MS)
  })
  afterAll(() => cluster.close())

  it('brings every client to its whole answer when the balancer moves all of them', async () => {
    const report = await breakDuring(cluster, redisFaults['balancer moves every client, three times'], RUNS)
    expect(report).toMatchObject({ ...nothingWrong, done: RUNS })
    expect(report.connections).toBeGreaterThan(RUNS * 2)
  })

  it('brings every client to its whole answer when Redis crashes and comes back', async () => {
    expect(
      await breakDuring(cluster, redisFaults['Redis killed and started again (AOF)'], RUNS),
    ).toMatchObject({ ...nothingWrong, done: RUNS })
  })

  it('brings every client to its whole answer when Redis is paused for longer than the lease', async () => {
    expect(await breakDuring(cluster, redisFaults['Redis paused for 5 s'], RUNS)).toMatchObject({
      ...nothingWrong,
      done: RUNS,
    })
  })
})

describe(`a cluster of which a node is killed, with ${RUNS} answers running`, () => {
  beforeAll(async () => {
    cluster = await startTestCluster(await redisStore(), LONG_LEASE_MS)
  })
  afterAll(() => cluster.close())

  it('reports its producers within the lease, and no other', async () => {
    const report = await breakDuring(cluster, redisFaults['kill -9 of a node'], RUNS)
    expect(report).toMatchObject(nothingWrong)
    expect(report.done + report.reported).toBe(RUNS)
    expect(report.reported).toBeGreaterThan(RUNS / 4)
    expect(report.slowestReportMs).toBeLessThan(LONG_LEASE_MS)
  })
})
