// The process of bench/machine-watch.ts: takes the port of a Redis.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { MachineFigures } from './machine-watch.js'
import { percentile } from './percentile.js'

const EVERY_MS = 5

let late: number[] = []
let pings: number[] = []

async function watch() {
  const socket = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay()
  await once(socket, 'connect')
  process.send?.('ready')
  for (;;) {
    const begun = performance.now()
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    late.push(Math.max(0, performance.now() - begun - EVERY_MS))
    const asked = performance.now()
    socket.write('PING\r\n')
    await once(socket, 'data')
    pings.push(performance.now() - asked)
  }
}

process.on('message', () => {
  const figures: MachineFigures = {
    lateP99: percentile(late, 0.99),
    pingP50: percentile(pings, 0.5),
    pingP99: percentile(pings, 0.99),
  }
  late = []
  pings = []
  process.send?.(figures)
})
process.on('disconnect', () => process.exit())
// The Redis goes before this process does.
watch().catch(() => process.exit())
