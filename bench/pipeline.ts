/**
 * CPU time from the bytes of a body to text that a Vue effect has seen, for each delta: the same answer, an event a
 * piece, through ours, @ai-sdk/vue, and @microsoft/fetch-event-source with a ref that grows. And the latency of each
 * event from the server on, see event-latency.ts.
 */
import { Chat } from '@ai-sdk/vue'
import { fetchEventSource } from '@microsoft/fetch-event-source'
import { DefaultChatTransport } from 'ai'
import { ref, watchEffect } from 'vue'
import { alwaysForeground } from '../src/core/lifecycle.js'
import { uiMessageStream } from '../src/decoders/ui-message-stream.js'
import { systemClock } from '../src/platform/system-clock.js'
import { createChannel } from '../src/run/create-channel.js'
import { fetchTransport } from '../src/transports/fetch.js'
import { httpSource } from '../src/transports/http-source.js'
import { quickPolicy } from '../test/transports/run-session.js'
import { rounded, type BenchResult, type Row } from './bench.js'
import { eventLatency } from './event-latency.js'

const DELTAS = 2_000
const ROUNDS = 15
/** Until the machine code of every subject has settled. */
const WARM_UP = 8

/** Answers whose CPU must grow as their length does: the second is four times as long. */
const LENGTHS = [10_000, 40_000] as const
const GROWTH_ROUNDS = 3

interface Answer {
  readonly text: string
  readonly pieces: readonly Uint8Array[]
}

function answerOf(length: number): Answer {
  const deltas = Array.from({ length }, (_, index) => `第${index}个词 `)
  const pieces = [
    { type: 'start' },
    { type: 'text-start', id: '1' },
    ...deltas.map((delta) => ({ type: 'text-delta', id: '1', delta })),
    { type: 'text-end', id: '1' },
    { type: 'finish' },
  ]
    .map((chunk, index) => `id: e_${index}\ndata: ${JSON.stringify(chunk)}\n\n`)
    .concat(`id: e_${length + 4}\ndata: [DONE]\n\n`)
    .map((text) => new TextEncoder().encode(text))
  return { text: deltas.join(''), pieces }
}

let answer = answerOf(DELTAS)

/** The same answer to whatever is asked, each piece in a turn of its own, as a network gives them. */
function serveAnswer(): Promise<Response> {
  let next = 0
  const { pieces } = answer
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve))
      const piece = pieces[next++]
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
  const headers = { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' }
  return Promise.resolve(new Response(body, { headers }))
}

const pull = { url: 'http://127.0.0.1/api/chat' }

/** Runs the effect on every change, as a component that shows the text does. */
function watching(read: () => string): { shown: () => string; stop: () => void } {
  let shown = ''
  const stop = watchEffect(() => {
    shown = read()
  })
  return { shown: () => shown, stop }
}

async function ours(): Promise<string> {
  const channel = createChannel({
    key: 'bench',
    source: httpSource({ ...pull, transport: fetchTransport }),
    decoder: uiMessageStream,
    policy: quickPolicy,
    background: 'resume',
    lifecycle: alwaysForeground,
    clock: systemClock,
  })
  const view = watching(() => channel.text.value)
  await channel.start('hi')
  await new Promise((resolve) => setImmediate(resolve))
  view.stop()
  return view.shown()
}

async function aiSdk(): Promise<string> {
  const chat = new Chat({ transport: new DefaultChatTransport({ api: pull.url, fetch: serveAnswer }) })
  const view = watching(() =>
    (chat.messages[chat.messages.length - 1]?.parts ?? [])
      .map((part) => (part.type === 'text' ? part.text : ''))
      .join(''),
  )
  await chat.sendMessage({ text: 'hi' })
  await new Promise((resolve) => setImmediate(resolve))
  view.stop()
  return view.shown()
}

async function naive(): Promise<string> {
  const text = ref('')
  const view = watching(() => text.value)
  await fetchEventSource(pull.url, {
    method: 'POST',
    body: '{}',
    openWhenHidden: true,
    fetch: serveAnswer,
    onmessage({ data }) {
      if (data === '[DONE]') return
      const chunk = JSON.parse(data) as { type: string; delta?: string }
      if (chunk.type === 'text-delta') text.value += chunk.delta ?? ''
    },
  })
  await new Promise((resolve) => setImmediate(resolve))
  view.stop()
  return view.shown()
}

/** What any reader of such a body pays: no subject's own. */
async function bare(): Promise<string> {
  const reader = (await serveAnswer()).body?.getReader()
  while (reader && !(await reader.read()).done);
  return answer.text
}

async function cpuMs(run: () => Promise<string>): Promise<number> {
  const before = process.cpuUsage()
  const text = await run()
  const { user, system } = process.cpuUsage(before)
  if (text !== answer.text) throw new Error(`wrong text of ${text.length} characters`)
  return (user + system) / 1000
}

/** How ours grows with the answer: the best of a few rounds at each length, in turns. */
async function growth(): Promise<{ rows: Row[]; growth: number }> {
  const best = new Map<number, number>()
  const answers = LENGTHS.map(answerOf)
  for (let round = 0; round < GROWTH_ROUNDS; round++)
    for (const [index, length] of LENGTHS.entries()) {
      answer = answers[index] ?? answer
      best.set(length, Math.min(best.get(length) ?? Infinity, await cpuMs(ours)))
    }
  const [short, long] = LENGTHS.map((length) => best.get(length) ?? NaN)
  const rows = LENGTHS.map((length) => ({
    subject: 'ours',
    metric: `CPU for ${length} deltas`,
    value: rounded(best.get(length) ?? NaN),
    unit: 'ms',
  }))
  return { rows, growth: rounded((long ?? NaN) / (short ?? NaN)) }
}

export default async function pipeline(): Promise<BenchResult> {
  const latency = await eventLatency()
  const { fetch } = globalThis
  Object.assign(globalThis, { fetch: serveAnswer, window: globalThis, document: new EventTarget() })
  const subjects = {
    ours,
    '@ai-sdk/vue': aiSdk,
    'fetch-event-source and a ref': naive,
    'reading alone': bare,
  }
  const times = new Map<string, number[]>()
  let grown
  try {
    // In turns, so that what the machine does besides meets all alike.
    for (let round = -WARM_UP; round < ROUNDS; round++)
      for (const [name, run] of Object.entries(subjects)) {
        const ms = await cpuMs(run)
        if (round >= 0) times.set(name, [...(times.get(name) ?? []), ms])
      }
    grown = await growth()
  } finally {
    Object.assign(globalThis, { fetch })
    Reflect.deleteProperty(globalThis, 'window')
    Reflect.deleteProperty(globalThis, 'document')
  }
  const median = (name: string) => (times.get(name) ?? []).sort((a, b) => a - b)[ROUNDS >> 1] ?? NaN
  const rows: Row[] = Object.keys(subjects).map((subject) => ({
    subject,
    metric: 'CPU for each delta',
    value: rounded((median(subject) / DELTAS) * 1000),
    unit: 'µs',
  }))
  return {
    rows: [...rows, ...grown.rows, ...latency.rows],
    ratios: {
      ...latency.ratios,
      cpu_vs_ai_sdk: rounded(median('ours') / median('@ai-sdk/vue')),
      cpu_growth_4x: grown.growth,
      cpu_vs_naive: rounded(median('ours') / median('fetch-event-source and a ref')),
    },
  }
}
