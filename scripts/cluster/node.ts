// One node of the cluster: the demo's server on Redis. The environment names PORT, REDIS_URL and perhaps ROOT, LEASE_MS.
import { redisLog } from 'uni-sse-channel/server/redis'
import { createDemoServer } from '../demo-server.js'

const { PORT, REDIS_URL = '', ROOT, LEASE_MS } = process.env
const log = redisLog({ connection: REDIS_URL, ...(LEASE_MS && { leaseMs: Number(LEASE_MS) }) })
const { server, close } = createDemoServer(ROOT, process.env, log)

server.listen(Number(PORT), '127.0.0.1', () => process.send?.('ready'))

let ending: Promise<void> | undefined
function end() {
  ending ??= close().then(() => process.exit(0))
}
process.on('SIGTERM', end)
// Ctrl-C reaches the whole group: the parent decides the order.
process.on('SIGINT', () => undefined)
process.on('disconnect', end)
