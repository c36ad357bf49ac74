import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { BenchResult } from './bench.js'
import { rounded } from './bench.js'
import { compiled } from './compiled.js'
import { percentile } from './percentile.js'

/** Fewer where this shell allows fewer open files: each end of a connection is one to its process. */
const CONNECTIONS = 40_000
const OTHER_FILES = 200
const AT_ONCE = 500
const WATCH_MS = 30_000

const RUSH_PER_SECOND = 2_000
const RUSH_SECONDS = 20

/** Between two addresses there are fewer ports than connections. */
const ADDRESSES = 8

interface Usage {
  readonly rss: number
  readonly cpuMs: number
  readonly connections: number
}

function affordable(): number {
  const { userLimits } = process.report.getReport() as unknown as {
    readonly userLimits: { readonly open_files: { readonly soft: number | 'unlimited' } }
  }
  const { soft } = userLimits.open_files
  return soft === 'unlimited' ? CONNECTIONS : Math.min(CONNECTIONS, soft - OTHER_FILES)
}

let opened = 0

/** Resolves when the stream has begun. */
async function open(port: number): Promise<Socket> {
  const localAddress = `127.0.0.${2 + (opened++ % ADDRESSES)}`
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.write('GET /idle HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  await once(socket, 'data')
  return socket.on('error', () => undefined).resume()
}

/** So many new readers a second, by the clock, each gone as soon as it has the first bytes. */
async function rush(port: number) {
  const waits: number[] = []
  let failed = 0
  const one = async () => {
    const begun = performance.now()
    try {
      const socket = await open(port)
      waits.push(performance.now() - begun)
      socket.destroy()
    } catch {
      failed++
    }
  }
  const begun = performance.now()
  const all: Promise<void>[] = []
  while (all.length < RUSH_PER_SECOND * RUSH_SECONDS) {
    const due = ((performance.now() - begun) / 1_000) * RUSH_PER_SECOND
    while (all.length < Math.min(due, RUSH_PER_SECOND * RUSH_SECONDS)) all.push(one())
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(all)
  const perSecond = waits.length / ((performance.now() - begun) / 1_000)
  return { perSecond, failed, p99: percentile(waits, 0.99) }
}

/** Readers of a channel that says nothing: what they weigh, what their heartbeats cost, and how fast they may come. */
export default async function idleBench(): Promise<BenchResult> {
  const wanted = affordable()
  const server = fork(await compiled('idle-server.ts'), { execArgv: ['--expose-gc'] })
  const ask = async () => {
    const answer = once(server, 'message')
    server.send('usage')
    return (await answer)[0] as Usage
  }
  try {
    const [port] = (await once(server, 'message')) as [number]
    const before = await ask()
    const sockets: Socket[] = []
    while (sockets.length < wanted) {
      const more = Math.min(AT_ONCE, wanted - sockets.length)
      sockets.push(...(await Promise.all(Array.from({ length: more }, () => open(port)))))
    }
    const held = await ask()
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS))
    const after = await ask()
    for (const socket of sockets) socket.destroy()
    while ((await ask()).connections > 0) await new Promise((resolve) => setTimeout(resolve, 100))
    const { perSecond, failed, p99 } = await rush(port)
    const memory = (held.rss - before.rss) / 1024 / wanted
    const cpu = ((after.cpuMs - held.cpuMs) / WATCH_MS) * 100
    const subject = `ours × ${wanted} idle`
    const rushing = `ours, ${RUSH_PER_SECOND}/s for ${RUSH_SECONDS} s`
    return {
      rows: [
        { subject, metric: 'still connected', value: after.connections, unit: '' },
        { subject, metric: 'memory', value: memory, unit: 'KB each' },
        { subject, metric: 'heartbeats, every 15 s', value: cpu, unit: '% CPU' },
        { subject: rushing, metric: 'streams begun', value: perSecond, unit: '/s' },
        { subject: rushing, metric: 'failed', value: failed, unit: '' },
        { subject: rushing, metric: 'until the first bytes p99', value: p99, unit: 'ms' },
      ],
      ratios: { held: rounded(after.connections / wanted), failed_of_rush: failed },
    }
  } finally {
    server.kill('SIGKILL')
  }
}
