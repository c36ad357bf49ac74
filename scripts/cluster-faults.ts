// npm run cluster-faults [-- rounds runs]: every fault of the cluster, with the lease a product has, as a table.
import { breakDuring, faults } from '../test/server/cluster/faults.js'
import { startTestCluster } from '../test/server/cluster/start-test-cluster.js'

const [rounds = 1, runs = 200] = process.argv.slice(2).map(Number)
const leaseMs = 10_000
const cluster = await startTestCluster(leaseMs)
let wrong = 0
console.log(
  `| during ${runs} answers | whole | reported dead, after | lost | repeated | run twice | connections | took |`,
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
try {
  for (let round = 0; round < rounds; round++) {
    for (const [name, fault] of Object.entries(faults)) {
      const begun = Date.now()
      const report = await breakDuring(cluster, fault, runs)
      const { done, reported, slowestReportMs, lost, repeated, doubled, connections, failures } = report
      const dead = reported === 0 ? '0' : `${reported}, ${(slowestReportMs / 1000).toFixed(1)} s`
      const took = `${((Date.now() - begun) / 1000).toFixed(0)} s`
      console.log(`| ${[name, done, dead, lost, repeated, doubled, connections, took].join(' | ')} |`)
      for (const failure of failures) console.error(`unexpected: ${failure}`)
      if (lost || repeated || doubled || slowestReportMs > leaseMs) wrong++
      if (reported > 0) await cluster.replace(0)
    }
  }
} finally {
  await cluster.close()
}
process.exit(wrong === 0 ? 0 : 1)
