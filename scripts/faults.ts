// npm run test:faults -- [--runs 10000] [--seed 1] [--transport fetch] [--stride 1]: cuts at every byte, then random faults.
import { parseArgs } from 'node:util'
import { runFaults, toTable, type Tally } from '../test/faults/fault-suite.js'
import { subjects } from '../test/faults/subjects.js'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    transport: { type: 'string' },
    stride: { type: 'string', default: '1' },
  },
})
const seed = Number(values.seed)
const chosen = subjects.filter(({ name }) => values.transport === undefined || name === values.transport)
if (chosen.length === 0) {
  console.error(`--transport takes one of: ${subjects.map(({ name }) => name).join('; ')}`)
  process.exit(1)
}

console.log(`seed ${seed}`)
const tallies: Tally[] = []
for (const subject of chosen) {
  const begun = Date.now()
  const random = Math.ceil(Number(values.runs) / chosen.length)
  const tally = await runFaults(subject, { stride: Number(values.stride), random, seed })
  tallies.push(tally)
  console.log(`${subject.name}: ${tally.runs} runs in ${((Date.now() - begun) / 1000).toFixed(0)} s`)
  for (const failure of tally.failures.slice(0, 5)) console.log(failure)
}
const total = tallies.reduce((runs, tally) => runs + tally.runs, 0)
console.log(`\n${toTable(tallies)}\n\n${total} runs, seed ${seed}`)
if (tallies.some(({ failures, secondPosts }) => failures.length > 0 || secondPosts > 0)) process.exitCode = 1
