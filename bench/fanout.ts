import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { BenchResult, Row } from './bench.js'
import { rounded } from './bench.js'
import { compiled } from './compiled.js'

const SUBJECTS = ['raw', 'ours', 'better-sse', 'ws', 'hono'] as const
type Subject = (typeof SUBJECTS)[number]

/** What the server process tells of one round. */
export interface Round {
  readonly cpuMs: number
  readonly wallMs: number
  readonly deliveries: number
}

const SECONDS = 2

/**
 * Connecting makes garbage, for which V8 takes pages that it gives back only after some seconds of quiet. What held
 * connections weigh is what is left then; `memory at once` has both.
 */
const SETTLED_MS = 15_000
const AT_ONCE_MS = 200

/** One subject in a process of its own, with so many subscribers on it from this one. */
async function measure(subject: Subject, subscribers: number, perTick: readonly number[]) {
  const server = fork(await compiled('fanout-server.ts'), [subject], { execArgv: ['--expose-gc'] })
  const port = (await message(server)) as number
  const rss = async (afterMs: number) => (await ask(server, { kind: 'memory', afterMs })) as number
  const before = await rss(SETTLED_MS)
  const sockets: Socket[] = []
  // No more at once than wait for an accept.
  while (sockets.length < subscribers)
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => subscribe(subject, port)))))
  const kbEach = (bytes: number) => (bytes - before) / 1024 / subscribers
  const atOnce = kbEach(await rss(AT_ONCE_MS))
  const settled = kbEach(await rss(SETTLED_MS))
  await ask(server, { kind: 'run', perTick: 1, ms: 500 })
  const rounds: Round[] = []
  for (const count of perTick)
    rounds.push((await ask(server, { kind: 'run', perTick: count, ms: SECONDS * 1000 })) as Round)
  for (const socket of sockets) socket.destroy()
  server.kill('SIGKILL')
  await once(server, 'exit')
  return { atOnce, settled, rounds }
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
      const { atOnce, settled, rounds } = await measure(subject, subscribers, [1, 8])
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
      memory[name] = settled
      rows.push(
        { subject: name, metric: 'memory', value: settled, unit: 'KB each' },
        { subject: name, metric: 'memory at once', value: atOnce, unit: 'KB each' },
      )
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
      mem_vs_raw_200: rounded((memory['ours × 200'] ?? 0) / (memory['raw × 200'] ?? 1)),
    },
  }
}
