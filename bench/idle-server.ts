// The server of bench/idle.ts.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHub } from '../src/server/hub/create-hub.js'
import { createHandler } from '../src/server/http/create-handler.js'
import { memoryLog } from '../src/server/log/memory/memory-log.js'

const hub = createHub({ log: memoryLog() })
await hub.create({ channelId: 'idle', timeout: Infinity })
await hub.send({ channelId: 'idle', data: 'hello' })
const server = createServer(createHandler(hub, { start: () => async () => undefined }))
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () =>
  process.send?.((server.address() as AddressInfo).port),
)

async function usage() {
  await new Promise((resolve) => setTimeout(resolve, 500))
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { connections } = await hub.getStats()
  process.send?.({ rss: process.memoryUsage().rss, cpuMs: (user + system) / 1000, connections })
}
process.on('message', () => void usage())
process.on('disconnect', () => process.exit())
