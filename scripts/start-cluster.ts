// npm run start:cluster: Redis, two nodes and a balancer without stickiness, serving the demo.
import { createBalancer } from './cluster/balancer.js'
import { startNode, startRedis, temporaryFolder, type Child } from './cluster/child.js'
import { freePort } from './cluster/free-port.js'
import { compressFiles } from './compress-files.js'
import { requirePort } from './require-port.js'
import { run } from './run.js'

const port = Number(process.env.PORT ?? 3000)
const folder = await temporaryFolder()
const root = 'dist/build/h5'
const nodes: Child[] = []
let redis: Child | undefined
let state: 'running' | 'ending' = 'running'

async function end(code: number) {
  if (state === 'ending') return
  state = 'ending'
  console.log('\nEnding: balancer, nodes, Redis …')
  balancer?.server.close()
  await Promise.all(nodes.map((node) => node.end(5_000)))
  balancer?.server.closeAllConnections()
  await redis?.end(5_000)
  await folder.remove()
  process.exit(code)
}
process.on('SIGINT', () => void end(0))
process.on('SIGTERM', () => void end(0))

async function keepNode(index: number, nodePort: number) {
  const node = await startNode(nodePort, { WHERE: `redis://127.0.0.1:${redis?.port}`, ROOT: root })
  nodes[index] = node
  console.log(`Node ${index + 1} on port ${nodePort}, process ${node.process.pid}`)
  node.process.once('exit', (code, signal) => {
    if (state === 'ending') return
    console.log(`Node ${index + 1} ended with ${signal ?? code}. Starting it again.`)
    keepNode(index, nodePort).catch(fail)
  })
}

function fail(error: unknown) {
  console.error(error instanceof Error ? error.message : error)
  void end(1)
}

let balancer: ReturnType<typeof createBalancer> | undefined
await requirePort(port, 'npm run start:cluster')
try {
  console.log('Building the H5 demo …')
  await run('node', ['scripts/uni.cjs', 'build'])
  compressFiles(root)
  redis = await startRedis(await freePort(), folder.path)
  redis.process.once('exit', (code, signal) => {
    if (state === 'running') fail(`Redis ended with ${signal ?? code}.`)
  })
  console.log(`Redis on port ${redis.port}, append-only file in ${folder.path}`)
  const ports = [await freePort(), await freePort()]
  await Promise.all(ports.map((nodePort, index) => keepNode(index, nodePort)))
  balancer = createBalancer(ports)
  balancer.server.on('error', (error: NodeJS.ErrnoException) =>
    fail(
      error.code === 'EADDRINUSE' ? `Port ${port} is in use. Try: PORT=3001 npm run start:cluster` : error,
    ),
  )
  balancer.server.listen(port, () => {
    console.log(`\nOpen  http://localhost:${port}`)
    console.log(`Try   kill -9 ${nodes[0]?.process.pid} while an answer streams`)
  })
} catch (error) {
  fail(error)
}
