// One subject of bench/fanout.ts: sends what it is told to all that are connected, and tells what it cost.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createChannel, createSession } from 'better-sse'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { WebSocketServer } from 'ws'
import { createHub } from '../src/server/hub/create-hub.js'
import { createHandler } from '../src/server/http/create-handler.js'
import { memoryLog } from '../src/server/log/memory/memory-log.js'
import type { Round } from './fanout.js'

/** About 150 bytes with its id. */
const DATA = { text: 'x'.repeat(100) }

interface Subject {
  readonly server: Server
  readonly readers: () => number
  readonly send: (value: unknown) => void
}

const subjects: Readonly<Record<string, () => Promise<Subject>>> = {
  async raw() {
    const responses = new Set<ServerResponse>()
    let id = 0
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': hello\n\n')
      responses.add(response)
      response.on('close', () => responses.delete(response))
    })
    const send = (value: unknown) => {
      const bytes = Buffer.from(`id: 1795167095978522_${id++}\ndata: ${JSON.stringify(value)}\n\n`)
      for (const response of responses) response.write(bytes)
    }
    return { server, readers: () => responses.size, send }
  },

  async ours() {
    const hub = createHub({ log: memoryLog({ maxEvents: 1_000 }) })
    await hub.create({ channelId: 'fanout' })
    const server = createServer(createHandler(hub, { start: () => async () => undefined, retryMs: 1_000 }))
    let readers = 0
    server.on('connection', (socket) => {
      readers++
      socket.on('close', () => readers--)
    })
    return {
      server,
      readers: () => readers,
      send: (value) => void hub.send({ channelId: 'fanout', data: value }),
    }
  },

  async 'better-sse'() {
    const channel = createChannel()
    const server = createServer((request, response) => {
      void createSession(request, response).then((session) => channel.register(session))
    })
    return { server, readers: () => channel.sessionCount, send: (value) => channel.broadcast(value) }
  },

  async ws() {
    const server = createServer()
    const sockets = new WebSocketServer({ server, perMessageDeflate: false })
    const send = (value: unknown) => {
      const text = JSON.stringify({ id: '1795167095978522_1', data: value })
      for (const socket of sockets.clients) socket.send(text)
    }
    return { server, readers: () => sockets.clients.size, send }
  },

  async hono() {
    const streams = new Set<(data: string) => void>()
    const app = new Hono()
    app.get('/', (context) =>
      streamSSE(context, async (stream) => {
        const write = (data: string) => void stream.writeSSE({ data, id: '1795167095978522_1' })
        streams.add(write)
        write('hello')
        await new Promise<void>((resolve) => stream.onAbort(resolve))
        streams.delete(write)
      }),
    )
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
    const send = (value: unknown) => {
      const data = JSON.stringify(value)
      for (const write of streams) write(data)
    }
    return { server, readers: () => streams.size, send }
  },
}

const create = subjects[process.argv[2] ?? '']
if (!create) throw new Error('fanout-server takes the name of a subject')
const subject = await create()
const ready = () => process.send?.((subject.server.address() as AddressInfo).port)
if (subject.server.listening) ready()
else if (process.argv[2] === 'hono') subject.server.once('listening', ready)
else subject.server.listen(0, '127.0.0.1', ready)

/** Sends in turns of the event loop, and the next only when the last has been taken from the process. */
async function run(perTick: number, ms: number): Promise<Round> {
  const begun = performance.now()
  const cpu = process.cpuUsage()
  let deliveries = 0
  while (performance.now() - begun < ms) {
    for (let i = 0; i < perTick; i++) subject.send(DATA)
    deliveries += perTick * subject.readers()
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
  }
  const used = process.cpuUsage(cpu)
  return { cpuMs: (used.user + used.system) / 1000, wallMs: performance.now() - begun, deliveries }
}

async function memory(afterMs: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().rss
}

type Question =
  | { readonly kind: 'memory'; readonly afterMs: number }
  | { readonly kind: 'run'; readonly perTick: number; readonly ms: number }
process.on('message', (question: Question) => {
  const answer = question.kind === 'memory' ? memory(question.afterMs) : run(question.perTick, question.ms)
  void answer.then((value) => process.send?.(value))
})
process.on('disconnect', () => process.exit())
