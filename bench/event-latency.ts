/**
 * What a client adds to each event: from the producer's `yield`, through hub, log, handler and a real connection, to a
 * Vue effect that has seen the text, beside a bare reader of the same answer's bytes.
 */
import { createServer } from 'node:http'
import { watchEffect } from 'vue'
import { WebSocket } from 'ws'
import { alwaysForeground } from '../src/core/lifecycle.js'
import { uiMessageStream } from '../src/decoders/ui-message-stream.js'
import { systemClock } from '../src/platform/system-clock.js'
import { createHub } from '../src/server/hub/create-hub.js'
import { createHandler } from '../src/server/http/create-handler.js'
import { memoryLog } from '../src/server/log/memory/memory-log.js'
import { createSocketHandler } from '../src/server/socket/create-socket-handler.js'
import { createChannel } from '../src/run/create-channel.js'
import { fetchTransport } from '../src/transports/fetch.js'
import { httpSource } from '../src/transports/http-source.js'
import { longPollTransport } from '../src/transports/long-poll.js'
import type { Transport } from '../src/transports/transport.js'
import { webSocketTransport } from '../src/transports/web-socket.js'
import { listen, unlisten } from '../test/helpers/listen.js'
import { quickPolicy } from '../test/transports/run-session.js'
import { rounded, type BenchResult } from './bench.js'

const EVENTS = 100
const ROUNDS = 7
/** A model's pace: slow enough that no event waits for the one before. */
const PAUSE_MS = 5

/** Sees text grow; told with all the text so far. */
type Client = (base: string, seen: (text: string) => void) => Promise<void>

const throughOurs =
  (transport: Transport): Client =>
  async (base, seen) => {
    const channel = createChannel({
      key: 'bench',
      source: httpSource({ url: base, transport }),
      decoder: uiMessageStream,
      policy: quickPolicy,
      background: 'resume',
      lifecycle: alwaysForeground,
      clock: systemClock,
    })
    const stop = watchEffect(() => seen(channel.text.value))
    await channel.start('hi')
    await new Promise((resolve) => setImmediate(resolve))
    stop()
  }

const bareReader: Client = async (base, seen) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(base, { method: 'POST', headers, body: '{}' })
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
    seen((text += decoder.decode(read.value, { stream: true })))
}

const subjects: Readonly<Record<string, Client>> = {
  'bare fetch reader': bareReader,
  'ours, fetch': throughOurs(fetchTransport),
  'ours, web-socket': throughOurs(webSocketTransport),
  'ours, long-poll': throughOurs(longPollTransport),
}

export async function eventLatency(): Promise<BenchResult> {
  const yieldedAt: number[] = []
  const hub = createHub({ log: memoryLog() })
  const options = {
    basePath: '/api/chat',
    start: () =>
      async function* () {
        yield { type: 'text-start', id: '1' }
        for (let index = 0; index < EVENTS; index++) {
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
          yieldedAt[index] = performance.now()
          yield { type: 'text-delta', id: '1', delta: `«${index}»` }
        }
        yield { type: 'text-end', id: '1' }
      },
  }
  const handler = createHandler(hub, options)
  const sockets = createSocketHandler(hub, options)
  const server = createServer(handler).on('upgrade', sockets)
  const base = `http://127.0.0.1:${await listen(server)}/api/chat`
  const latencies = new Map<string, number[]>()
  Object.assign(globalThis, { WebSocket })
  try {
    // In turns, so that what the machine does besides meets all alike.
    for (let round = -1; round < ROUNDS; round++)
      for (const [name, client] of Object.entries(subjects)) {
        let next = 0
        const times: number[] = []
        await client(base, (text) => {
          const at = performance.now()
          for (; next < EVENTS && text.includes(`«${next}»`); next++)
            times.push(at - (yieldedAt[next] as number))
        })
        if (next !== EVENTS) throw new Error(`${name} saw ${next} of ${EVENTS} events`)
        if (round >= 0) latencies.set(name, [...(latencies.get(name) ?? []), ...times])
      }
  } finally {
    Reflect.deleteProperty(globalThis, 'WebSocket')
    await hub.shutdown()
    await Promise.all([handler.close(), sockets.close()])
    await unlisten(server)
  }
  const at = (name: string, share: number) => {
    const sorted = (latencies.get(name) ?? []).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length * share)] ?? NaN
  }
  const metric = (share: string) => `server to text, ${share}`
  return {
    rows: Object.keys(subjects).flatMap((subject) => [
      { subject, metric: metric('median'), value: rounded(at(subject, 0.5)), unit: 'ms' },
      { subject, metric: metric('p95'), value: rounded(at(subject, 0.95)), unit: 'ms' },
    ]),
    ratios: { latency_vs_bare_reader: rounded(at('ours, fetch', 0.5) / at('bare fetch reader', 0.5)) },
  }
}
