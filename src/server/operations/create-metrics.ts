import type { Registry as PromRegistry } from 'prom-client'
import type { Hub } from '../hub/hub.js'
import type { HubStats } from '../hub/hub-stats.js'
import type { Signal } from '../hub/signal.js'
import { within } from '../within.js'

/** A `Registry` of prom-client, named so that the types need no package that only some have. */
export interface MetricsRegistry {
  readonly contentType: string
  metrics(): Promise<string>
}

/** What `createMetrics()` takes. */
export interface MetricsOptions {
  /** Where they are registered. Default: a registry of their own. */
  readonly register?: MetricsRegistry
  /** Of every name. Default `sse_`. */
  readonly prefix?: string
}

/** What `createMetrics()` gives. */
export interface Metrics {
  readonly contentType: string
  /** In the text format of Prometheus. */
  text(): Promise<string>
  /** Stops counting. */
  close(): void
}

const REQUEST_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 30]
const CONNECTION_SECONDS = [1, 10, 60, 300, 1_800, 7_200]
/** How long a log may take to answer a scrape, in milliseconds; a log that is away answers late, and scrapers give up. */
const STATS_MS = 1_000
/** Labels must be few: a client can send any method. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])

/**
 * Counts what happens in a hub and its handlers, for Prometheus. Needs the package `prom-client`.
 * No label holds a channel or a user.
 * @see docs/server.md#operations
 */
export async function createMetrics(
  hub: Hub,
  { register, prefix = 'sse_' }: MetricsOptions = {},
): Promise<Metrics> {
  const { Counter, Gauge, Histogram, Registry } = await import('prom-client')
  const registry = (register as PromRegistry | undefined) ?? new Registry()
  const define = (name: string, help: string) => ({ name: prefix + name, help, registers: [registry] })

  let asked: Promise<HubStats | undefined> | undefined
  /** Asked once for each scrape. A log that is away must not take the other metrics with it. */
  function stats() {
    asked ??= within(
      STATS_MS,
      undefined,
      hub.getStats().catch(() => undefined),
    ).finally(() => (asked = undefined))
    return asked
  }

  new Gauge({
    ...define('active_channels', 'Channels that are open, of the whole log.'),
    async collect() {
      const now = await stats()
      if (now) this.set(now.activeChannels)
    },
  })
  /** A counter that the hub keeps. */
  function mirror(name: string, help: string, valueOf: (now: HubStats) => number) {
    new Counter({
      ...define(name, help),
      async collect() {
        const now = await stats()
        if (!now) return
        this.reset()
        this.inc(valueOf(now))
      },
    })
  }
  mirror('events_total', 'Events written by this process.', (now) => now.totalMessages)
  mirror('event_bytes_total', 'Bytes of their data.', (now) =>
    Math.round(now.totalMessages * now.avgMessageSize),
  )
  const connections = new Gauge({
    ...define('connections', 'Streams and sockets that are open.'),
    labelNames: ['via'],
  })
  const disconnects = new Counter({
    ...define('disconnects_total', 'Streams and sockets that are over, and why.'),
    labelNames: ['via', 'reason'],
  })
  const connectionSeconds = new Histogram({
    ...define('connection_seconds', 'How long streams and sockets were open.'),
    labelNames: ['via'],
    buckets: CONNECTION_SECONDS,
  })
  const requests = new Counter({
    ...define('requests_total', 'Requests answered.'),
    labelNames: ['via', 'route', 'method', 'status'],
  })
  const requestSeconds = new Histogram({
    ...define('request_seconds', 'Time to the answer, or to the beginning of a stream.'),
    labelNames: ['via', 'route'],
    buckets: REQUEST_SECONDS,
  })
  const runs = new Counter({
    ...define('runs_total', 'Runs of this process that are over.'),
    labelNames: ['outcome'],
  })
  const takeovers = new Counter(
    define('takeovers_total', 'Runs of other processes that this one went on with.'),
  )
  const errors = new Counter({ ...define('errors_total', 'Failures reported.'), labelNames: ['code'] })

  function count(signal: Signal) {
    if (signal.kind === 'run') return runs.inc({ outcome: signal.outcome })
    if (signal.kind === 'takeover') return takeovers.inc()
    if (signal.kind === 'error') return errors.inc({ code: signal.error.code })
    const { via } = signal
    if (signal.kind === 'connect') return connections.inc({ via })
    if (signal.kind === 'disconnect') {
      connections.dec({ via })
      disconnects.inc({ via, reason: signal.reason })
      return connectionSeconds.observe({ via }, signal.durationMs / 1_000)
    }
    const { route, status } = signal
    const method = methods.has(signal.method) ? signal.method : 'other'
    requests.inc({ via, route, method, status })
    requestSeconds.observe({ via, route }, signal.durationMs / 1_000)
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: hub.observe(count),
  }
}
