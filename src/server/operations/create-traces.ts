import type { Attributes, Tracer } from '@opentelemetry/api'
import type { Hub } from '../hub/hub.js'
import type { Signal } from '../hub/signal.js'

/** A `Tracer` of @opentelemetry/api, named so that the types need no package that only some have. */
export interface TracesTracer {
  startSpan(name: string, options?: object): object
}

/** What `createTraces()` takes. */
export interface TracesOptions {
  /** Default: one of the process's own provider, by the name of this package. */
  readonly tracer?: TracesTracer
  /**
   * How a channel is named in spans. Default: by its id. Where ids are all that protects channels (no `authorize`), name
   * them by a hash.
   */
  readonly nameOf?: (channelId: string) => string
  /**
   * Whether spans belong to the trace that a request names (`traceparent`), or to none. A client can make a trace be
   * sampled so: `none` where requests come from anywhere and no proxy of yours sets the header. Default `request`.
   */
  readonly parents?: 'request' | 'none'
}

/**
 * Makes a span of each run of this process and of each stream and socket, when it is over, until `close` of the result
 * is called. Needs the package `@opentelemetry/api`, and whatever SDK exports its spans. In spans are ids, numbers and codes:
 * no payload, header, query, user or token.
 * @see docs/server.md#operations
 */
export async function createTraces(
  hub: Hub,
  { tracer, nameOf = (channelId) => channelId, parents = 'request' }: TracesOptions = {},
): Promise<{ close(): void }> {
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api')
  const maker = (tracer as Tracer | undefined) ?? trace.getTracer('uni-sse-channel')

  function contextOf(traceParent: string | undefined) {
    if (traceParent === undefined || parents === 'none') return ROOT_CONTEXT
    const [, traceId = '', spanId = '', flags = '0'] = traceParent.split('-')
    const traceFlags = Number.parseInt(flags, 16)
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
  }

  function observe(signal: Signal) {
    if (signal.kind !== 'run' && signal.kind !== 'disconnect') return
    const { kind, channelId, durationMs, traceParent } = signal
    const now = Date.now()
    const options = {
      kind: kind === 'run' ? SpanKind.INTERNAL : SpanKind.SERVER,
      startTime: now - durationMs,
      attributes: { 'sse.channel.id': nameOf(channelId), ...attributesOf(signal) },
    }
    const span = maker.startSpan(kind === 'run' ? 'sse run' : 'sse delivery', options, contextOf(traceParent))
    if (isFailure(signal)) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(now)
  }

  return { close: hub.observe(observe) }
}

type Told = Extract<Signal, { kind: 'run' | 'disconnect' }>

function attributesOf(signal: Told): Attributes {
  if (signal.kind === 'disconnect') return { 'sse.via': signal.via, 'sse.reason': signal.reason }
  const { outcome, code, events, bytes } = signal
  return {
    'sse.run.outcome': outcome,
    'sse.run.events': events,
    'sse.run.bytes': bytes,
    ...(code !== undefined && { 'error.type': code }),
  }
}

const isFailure = (signal: Told) =>
  signal.kind === 'run' ? signal.outcome === 'error' : signal.reason === 'failed' || signal.reason === 'slow'
