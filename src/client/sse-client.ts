import { createPolicy } from '../run/policy.js'
import { ChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import { knownOf } from '../core/known.js'
import { createSession, type Ending } from '../core/session.js'
import type { Outcome } from '../core/state.js'
import { runEnding } from '../decoders/run-ending.js'
import { platformLifecycle } from '../platform/platform-lifecycle.js'
import { systemClock } from '../platform/system-clock.js'
import { createChannelId } from '../transports/create-channel-id.js'
import { httpSource, type HttpSourceOptions, type RequestHeaders } from '../transports/http-source.js'
import { checkClientOptions, checkPostOptions } from './check-client-options.js'

/** One event as the server sent it; `data` is not parsed. */
export interface SSEMessage {
  readonly data: string
  /** `message` where the server names none. */
  readonly event: string
  /** Empty where the server gives none. */
  readonly id: string
}

/** What `post()` takes: where to, what, and who is told. */
export interface SSEPostOptions {
  /** Absolute, except on H5. */
  readonly url: string
  /** Those that are undefined are not sent. */
  readonly headers?: RequestHeaders
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Until the answer begins, in milliseconds. Default 30,000. */
  readonly timeout?: number
  /**
   * Connections that may fail in a row without one new event. Default 5. A reconnect reads on where the server gives
   * ids; the POST itself is never sent twice.
   */
  readonly reconnectCount?: number
  readonly onMessage?: (message: SSEMessage) => void
  /** Called once, when the answer can't be continued; and when `abort()` could not tell the producer: STOP_FAILED. */
  readonly onError?: (error: ChannelError) => void
}

/** One POST and its answer. */
export interface SSERequest {
  /** Ends it; the producer is told where the server has a way to. Idempotent. */
  abort(): void
  /** Resolves with how it ended. */
  readonly ended: Promise<Outcome>
}

/** A client that `SSEClient.create()` has made. */
export interface ServerSentEvents {
  readonly id: string
  /**
   * Sends it, and calls `onMessage` with every event of the answer.
   * @throws {ChannelError} BAD_OPTIONS: nothing was sent. Whatever goes wrong later goes to `onError`.
   */
  post(options: SSEPostOptions): SSERequest
}

/** What `SSEClient.create()` takes. */
export type SSEClientOptions = Pick<HttpSourceOptions, 'transport' | 'protocol' | 'withCredentials'>

/**
 * Server-sent events over POST without Vue, on every platform.
 * @example const sse = new SSEClient().create()
 *   sse.post({ url, body: { prompt: '你好' }, onMessage: ({ data }) => show(data) })
 */
export class SSEClient {
  readonly #options: SSEClientOptions
  readonly #created = new Map<string, { sse: ServerSentEvents; running: Set<SSERequest> }>()

  /** @throws {ChannelError} BAD_OPTIONS */
  constructor(options: SSEClientOptions = {}) {
    checkClientOptions(options)
    this.#options = options
  }

  /** Someone who posts: what they have running can be ended together. */
  create(): ServerSentEvents {
    const id = createChannelId()
    const running = new Set<SSERequest>()
    const sse: ServerSentEvents = {
      id,
      post: (options) => {
        const request = post(options, this.#options)
        running.add(request)
        void request.ended.then(() => running.delete(request))
        return request
      },
    }
    this.#created.set(id, { sse, running })
    return sse
  }

  /** What `create()` made, until it is deleted. */
  get(id: string): ServerSentEvents | undefined {
    return this.#created.get(id)?.sse
  }

  /** Forgets it and aborts what it still runs. */
  delete(sse: ServerSentEvents): void {
    const created = this.#created.get(sse.id)
    this.#created.delete(sse.id)
    for (const request of created?.running ?? []) request.abort()
  }

  /** Deletes all. */
  clear(): void {
    for (const { sse } of [...this.#created.values()]) this.delete(sse)
  }
}

function post(
  options: SSEPostOptions,
  { transport, protocol = 'channel', withCredentials }: SSEClientOptions,
): SSERequest {
  checkPostOptions(options)
  const { url, headers = {}, body = {}, timeout = 30_000, reconnectCount = 5, onMessage, onError } = options
  const policy = createPolicy({ attempts: reconnectCount }, { firstByteMs: timeout })
  let settle: (outcome: Outcome) => void = () => undefined
  const ended = new Promise<Outcome>((resolve) => (settle = resolve))

  const session = createSession<unknown>({
    source: httpSource({ url, headers, transport, protocol, withCredentials }),
    lifecycle: platformLifecycle(),
    clock: systemClock,
    policy,
    background: 'resume',
    receive: (event) => deliver(event, protocol === 'text' ? undefined : runEnding(event), onMessage),
    onState(state) {
      if (state.name !== 'closed') return
      if (state.outcome === 'error') call(onError, state.error ?? new ChannelError('PRODUCER_ERROR'))
      settle(state.outcome)
    },
    onStopFailed: (error) => call(onError, error),
  })
  session.start(knownOf(createChannelId()), body)
  return { abort: () => session.stop(), ended }
}

function deliver(
  { id, type, data }: ChannelEvent,
  ending: Ending | undefined,
  onMessage: SSEPostOptions['onMessage'],
): Ending | undefined {
  call(onMessage, { data, event: type, id })
  return ending
}

/** A throw of the application's is the application's: it is reported, and the stream goes on. */
function call<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value)
  } catch (thrown) {
    setTimeout(() => {
      throw thrown
    })
  }
}
