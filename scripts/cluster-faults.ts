// npm run cluster-faults [-- runs words…]: every fault of the cluster, or those whose name has one of the words, with the
// lease a product has, as a table.
import { breakDuring } from '../test/server/cluster/break-during.js'
import {
  fileFaults,
  postgresFaults,
  redisFaults,
  redisLineFaults,
  redisPairFaults,
  type Faults,
} from '../test/server/cluster/faults.js'
import { startTestCluster } from '../test/server/cluster/start-test-cluster.js'
import {
  fileStore,
  postgresStore,
  redisLineStore,
  redisPairStore,
  redisStore,
  type Store,
} from '../test/server/cluster/stores.js'

const [runs = '200', ...words] = process.argv.slice(2)
const leaseMs = 10_000
let wrong = 0

/** Each on a cluster of its own. */
async function breakEach<S extends Store>(open: () => Promise<S>, faults: Faults<S>) {
  for (const [name, fault] of Object.entries(faults)) {
    if (words.length > 0 && !words.some((word) => name.includes(word))) continue
    const cluster = await startTestCluster(await open(), leaseMs)
    try {
      const begun = Date.now()
      const report = await breakDuring(cluster, fault, Number(runs))
      const { done, reported, slowestReportMs, lost, repeated, doubled, connections, failures } = report
      const told = reported === 0 ? '0' : `${reported}, ${(slowestReportMs / 1000).toFixed(1)} s`
      const took = `${((Date.now() - begun) / 1000).toFixed(0)} s`
      console.log(`| ${[name, done, told, lost, repeated, doubled, connections, took].join(' | ')} |`)
      for (const failure of failures) console.error(`unexpected: ${failure}`)
      if (lost || repeated || doubled || slowestReportMs > leaseMs) wrong++
    } finally {
      await cluster.close()
    }
  }
}

console.log(
  `| during ${runs} answers | whole | told, after | lost | repeated | run twice | connections | took |`,
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
await breakEach(redisStore, redisFaults)
await breakEach(redisLineStore, redisLineFaults)
await breakEach(redisPairStore, redisPairFaults)
await breakEach(postgresStore, postgresFaults)
await breakEach(fileStore, fileFaults)
process.exit(wrong === 0 ? 0 : 1)
