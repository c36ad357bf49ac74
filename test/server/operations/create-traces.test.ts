import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ChannelError } from '../../../src/core/channel-error.js'
import { createTraces, type TracesOptions } from '../../../src/server/operations/create-traces.js'
import { traceParentOf } from '../../../src/server/http/trace-parent.js'
import { eventually } from '../../helpers/eventually.js'
import { posting } from '../../helpers/read-events.js'
import { serveHub, type Served } from '../http/serve-hub.js'

const ID = 'abcdefghij0123456789'
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const traceparent = `00-${TRACE}-${PARENT}-01`
const chunks = [
  { type: 'text-delta', id: 't', delta: 'what nobody else may read' },
  { type: 'text-delta', id: 't', delta: '你好' },
]

let served: Served
let exporter: InMemorySpanExporter
let provider: BasicTracerProvider
let traces: { close(): void }
beforeEach(() => {
  exporter = new InMemorySpanExporter()
  provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
})
afterEach(async () => {
  traces.close()
  await served.close()
  await provider.shutdown()
})

async function serve(options: TracesOptions = {}) {
  served = await serveHub()
  traces = await createTraces(served.hub, { tracer: provider.getTracer('test'), ...options })
}

const spans = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name)
async function spanOf(name: string): Promise<ReadableSpan> {
  await eventually(`a span "${name}"`, () => spans(name).length > 0)
  return spans(name)[0] as ReadableSpan
}
const lengthOf = ({ duration: [s, ns] }: ReadableSpan) => s * 1_000 + ns / 1e6

const start = async (headers: Record<string, string> = {}) => {
  const body = { chunks, secret: 'in the body' }
  return (await fetch(`${served.base}?token=t0ken`, posting(body, { 'x-channel-id': ID, ...headers }))).text()
}

describe('createTraces', () => {
  it('makes spans of a run and of its delivery, in the trace that the request names', async () => {
    await serve()
    await start({ traceparent, authorization: 'Bearer s3cret' })
    const [run, delivery] = [await spanOf('sse run'), await spanOf('sse delivery')]
    for (const span of [run, delivery]) {
      expect(span.spanContext().traceId).toBe(TRACE)
      expect(span.parentSpanContext).toMatchObject({ spanId: PARENT, isRemote: true })
      expect(span.status.code).toBe(0)
      expect(lengthOf(span)).toBeGreaterThanOrEqual(0)
    }
    const texts = chunks.map((chunk) => JSON.stringify(chunk))
    expect(run.attributes).toEqual({
      'sse.channel.id': ID,
      'sse.run.outcome': 'done',
      'sse.run.events': texts.length,
      'sse.run.bytes': Buffer.byteLength(texts.join('')),
    })
    expect(delivery.attributes).toEqual({
      'sse.channel.id': ID,
      'sse.via': 'http',
      'sse.reason': 'ended',
    })
    const all = JSON.stringify(
      exporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    )
    for (const secret of ['t0ken', 's3cret', 'nobody else', '你好', 'in the body'])
      expect(all).not.toContain(secret)
  })

  it('says how a run ended and why, and not in whose words', async () => {
    await serve()
    await served.hub.run(ID, async ({ write }) => {
      await write({ type: 'start' })
      throw new ChannelError('PRODUCER_ERROR', 'words for the client')
    })
    const run = await spanOf('sse run')
    expect(run.attributes).toMatchObject({
      'sse.run.outcome': 'error',
      'error.type': 'PRODUCER_ERROR',
      'sse.run.events': 1,
    })
    expect(run.status).toEqual({ code: 2 })
    expect(run.parentSpanContext).toBeUndefined()
  })

  it('lasts as long as what it is of', async () => {
    await serve()
    const { ended } = await served.hub.run(ID, () => new Promise((resolve) => setTimeout(resolve, 300)))
    await ended
    expect(lengthOf(await spanOf('sse run'))).toBeGreaterThanOrEqual(250)
  })

  it('leaves active in a producer what was active when its run began', async () => {
    await serve()
    const manager = new AsyncLocalStorageContextManager().enable()
    context.setGlobalContextManager(manager)
    try {
      const tracer = provider.getTracer('test')
      const request = tracer.startSpan('request')
      const { ended } = await context.with(trace.setSpan(context.active(), request), () =>
        served.hub.run(ID, async function* () {
          tracer.startSpan('model').end()
          yield { type: 'start' }
          await new Promise(setImmediate)
          tracer.startSpan('model again').end()
        }),
      )
      await ended
      for (const name of ['model', 'model again'])
        expect((await spanOf(name)).parentSpanContext?.spanId).toBe(request.spanContext().spanId)
    } finally {
      context.disable()
    }
  })

  it('makes spans of sockets, too', async () => {
    await serve()
    await served.hub.create({ channelId: ID })
    const socket = new WebSocket(`${served.base.replace('http', 'ws')}/${ID}`, { headers: { traceparent } })
    await new Promise((resolve) => socket.on('message', resolve))
    socket.close()
    const delivery = await spanOf('sse delivery')
    expect(delivery.attributes).toMatchObject({ 'sse.via': 'socket', 'sse.reason': 'client' })
    expect(delivery.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: PARENT })
  })

  it('belongs to no trace where that was asked for, names channels as it is told, and stops', async () => {
    await serve({ parents: 'none', nameOf: (id) => `#${id.length}` })
    await start({ traceparent })
    const run = await spanOf('sse run')
    expect(run.parentSpanContext).toBeUndefined()
    expect(run.spanContext().traceId).not.toBe(TRACE)
    expect(run.attributes['sse.channel.id']).toBe(`#${ID.length}`)
    await spanOf('sse delivery')
    traces.close()
    exporter.reset()
    await served.hub.run(`${ID}1`, async () => undefined).then(({ ended }) => ended)
    await new Promise(setImmediate)
    expect(exporter.getFinishedSpans()).toEqual([])
  })
})

describe('a traceparent', () => {
  it.each([
    ['as it is', traceparent, traceparent],
    [
      'of a later version, without what only that knows',
      `01-${TRACE}-${PARENT}-00-more`,
      `01-${TRACE}-${PARENT}-00`,
    ],
    ['that is missing', undefined, undefined],
    ['of no form', 'token=s3cret', undefined],
    ['in capitals', traceparent.toUpperCase(), undefined],
    ['of no trace', `00-${'0'.repeat(32)}-${PARENT}-01`, undefined],
    ['of no span', `00-${TRACE}-${'0'.repeat(16)}-01`, undefined],
    ['of a version there cannot be', `ff-${TRACE}-${PARENT}-01`, undefined],
    ['with something behind it', `${traceparent}x`, undefined],
    ['twice', `${traceparent}, ${traceparent}`, undefined],
  ])('%s', (_what, header, taken) => {
    expect(traceParentOf({ traceparent: header })).toBe(taken)
  })
})
