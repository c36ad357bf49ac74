import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { BenchResult } from './bench.js'
import { rounded } from './bench.js'
import { compiled } from './compiled.js'

const CONNECTIONS = 10_000
const AT_ONCE = 500
const WATCH_MS = 30_000

interface Usage {
  readonly rss: number
  readonly cpuMs: number
  readonly connections: number
}

/** Each end of a connection is a file to its process. */
const FILES = CONNECTIONS + 200

function checkOpenFiles() {
  const { userLimits } = process.report.getReport() as unknown as {
    readonly userLimits: { readonly open_files: { readonly soft: number | 'unlimited' } }
  }
  const { soft } = userLimits.open_files
  if (soft !== 'unlimited' && soft < FILES)
    throw new Error(`This shell allows ${soft} open files a process, ${FILES} are needed: ulimit -n ${FILES}`)
}

async function open(port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  socket.write('GET /idle HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  await once(socket, 'data')
  return socket.resume()
}

/** 10,000 readers of a channel that says nothing: what they weigh, and what their heartbeats cost. */
export default async function idleBench(): Promise<BenchResult> {
  checkOpenFiles()
  const server = fork(await compiled('idle-server.ts'), { execArgv: ['--expose-gc'] })
  const ask = async () => {
    const answer = once(server, 'message')
    server.send('usage')
    return (await answer)[0] as Usage
  }
  try {
    const [port] = (await once(server, 'message')) as [number]
    const before = await ask()
    const sockets: Awaited<ReturnType<typeof open>>[] = []
    while (sockets.length < CONNECTIONS)
      sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => open(port)))))
    const held = await ask()
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS))
    const after = await ask()
    for (const socket of sockets) socket.destroy()
    const memory = (held.rss - before.rss) / 1024 / CONNECTIONS
    const cpu = ((after.cpuMs - held.cpuMs) / WATCH_MS) * 100
    const subject = 'ours × 10000 idle'
    return {
      rows: [
        { subject, metric: 'still connected', value: after.connections, unit: '' },
        { subject, metric: 'memory', value: memory, unit: 'KB each' },
        { subject, metric: 'heartbeats, every 15 s', value: cpu, unit: '% CPU' },
      ],
      ratios: { held: rounded(after.connections / CONNECTIONS) },
    }
  } finally {
    server.kill('SIGKILL')
  }
}
