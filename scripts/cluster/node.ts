// One node of the cluster: the demo's server. The environment names PORT, which LOG (redis, postgres, file) and WHERE it
// is, and perhaps ROOT, LEASE_MS, DRAIN_MS. Tells its parent that it is ready, and of every run that it begins.
import { fileLog, postgresLog, type EventLog } from 'uni-sse-channel/server'
import { redisLog } from 'uni-sse-channel/server/redis'
import { createDemoServer } from '../demo-server.js'

const { PORT, LOG = 'redis', WHERE = '', ROOT, LEASE_MS, DRAIN_MS = '0' } = process.env

function openLog(): EventLog {
  const lease = LEASE_MS ? { leaseMs: Number(LEASE_MS) } : {}
  if (LOG === 'file') return fileLog({ directory: WHERE })
  if (LOG === 'postgres')
    return postgresLog({ connection: JSON.parse(WHERE) as Record<string, unknown>, ...lease })
  if (LOG === 'redis') return redisLog({ connection: WHERE, ...lease })
  throw new Error(`There is no log "${LOG}".`)
}

function telling(log: EventLog): EventLog {
  return {
    ...log,
    async create(channel) {
      const info = await log.create(channel)
      if (channel.kind !== 'feed') process.send?.('begun')
      return info
    },
  }
}

const { server, close } = createDemoServer(ROOT, process.env, telling(openLog()))

server.listen(Number(PORT), '127.0.0.1', () => process.send?.('ready'))

let ending: Promise<void> | undefined
function end(drainMs: number) {
  ending ??= close({ drainMs }).then(() => process.exit(0))
}
process.on('SIGTERM', () => end(Number(DRAIN_MS)))
// Ctrl-C reaches the whole group: the parent decides the order.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => end(0))
