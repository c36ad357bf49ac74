import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { BenchResult, Row } from './bench.js'
import { rounded } from './bench.js'

const SUBJECTS = ['raw', 'ours', 'better-sse', 'ws', 'hono'] as const
type Subject = (typeof SUBJECTS)[number]

/** What the server process tells of one round. */
export interface Round {
  readonly cpuMs: number
  readonly wallMs: number
  readonly deliveries: number
}

const SECONDS = 2

/** One subject in a process of its own, with so many subscribers on it from this one. */
async function measure(subject: Subject, subscribers: number, perTick: readonly number[]) {
  const server = fork(fileURLToPath(new URL('fanout-server.ts', import.meta.url)), [subject], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  })
  const port = (await message(server)) as number
  const before = (await ask(server, { kind: 'memory' })) as number
  const sockets: Socket[] = []
  // No more at once than wait for an accept.
  while (sockets.length < subscribers)
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => subscribe(subject, port)))))
  const after = (await ask(server, { kind: 'memory' })) as number
  await ask(server, { kind: 'run', perTick: 1, ms: 500 })
  const rounds: Round[] = []
  for (const count of perTick)
    rounds.push((await ask(server, { kind: 'run', perTick: count, ms: SECONDS * 1000 })) as Round)
  for (const socket of sockets) socket.destroy()
  server.kill('SIGKILL')
  await once(server, 'exit')
  return { kbPerConnection: (after - before) / 1024 / subscribers, rounds }
}

const message = async (child: ChildProcess) => (await once(child, 'message'))[0] as unknown

async function ask(child: ChildProcess, question: object) {
  const answer = message(child)
  child.send(question)
  return answer
}

/** Reads and throws away, as cheaply as it can: the server is what is measured. */
async function subscribe(subject: Subject, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  const upgrade = 'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n'
  const key = 'sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n'
  const more = subject === 'ws' ? upgrade + key : 'accept: text/event-stream\r\n'
  const path = subject === 'ours' ? '/fanout' : '/'
  socket.on('error', () => undefined)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${more}\r\n`)
  await once(socket, 'data')
  socket.resume()
  return socket
}

export default async function fanoutBench(): Promise<BenchResult> {
  const rows: Row[] = []
  const perCpu: Record<string, number> = {}
  const memory: Record<string, number> = {}
  for (const subscribers of [200, 1_000]) {
    for (const subject of SUBJECTS) {
      const { kbPerConnection, rounds } = await measure(subject, subscribers, [1, 8])
      const name = `${subject} × ${subscribers}`
      rounds.forEach(({ cpuMs, wallMs, deliveries }, index) => {
        const tick = index === 0 ? 1 : 8
        // By the server's own CPU time: on a machine that others use, too, the clock on the wall says little.
        perCpu[`${name} ${tick}`] = deliveries / cpuMs
        rows.push(
          {
            subject: name,
            metric: `${tick} a tick, by the clock`,
            value: (deliveries / wallMs) * 1000,
            unit: '/s',
          },
          {
            subject: name,
            metric: `${tick} a tick, CPU`,
            value: (cpuMs * 1000) / deliveries,
            unit: 'µs each',
          },
        )
      })
      memory[name] = kbPerConnection
      rows.push({ subject: name, metric: 'memory', value: kbPerConnection, unit: 'KB each' })
    }
  }
  const vs = (subject: Subject, tick: number) =>
    rounded((perCpu[`ours × 1000 ${tick}`] ?? 0) / (perCpu[`${subject} × 1000 ${tick}`] ?? 1))
  return {
    rows,
    ratios: {
      vs_raw_1: vs('raw', 1),
      vs_raw_8: vs('raw', 8),
      vs_better_sse_1: vs('better-sse', 1),
      mem_vs_raw: rounded((memory['ours × 1000'] ?? 0) / (memory['raw × 1000'] ?? 1)),
    },
  }
}
