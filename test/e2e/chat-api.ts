import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createHandler,
  createHub,
  memoryLog,
  readChatInput,
  type Hub,
  type MemoryLogOptions,
} from 'uni-sse-channel/server'
import { answerText, piecesOf } from './answer-text.js'

/** What the server saw of one request. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly lastEventId: string | undefined
}

/** What the next start does, instead of an answer. */
export type Refusal = (response: ServerResponse) => void

/**
 * The real handler over a real hub, with an answer of known text and knobs for what can go wrong at a server.
 * The knobs may be changed while an answer runs.
 */
export class ChatApi {
  readonly requests: SeenRequest[] = []
  readonly text = answerText(20 * 1024)
  /** Milliseconds between two pieces of the answer. */
  paceMs = 2
  /** Writes one byte at a time. */
  dribble = false
  refusal: Refusal | undefined
  /** Pieces given to the log by the newest run. */
  written = 0
  stopReceivedAt: number | undefined
  abortedAt: number | undefined
  #hub: Hub
  #handler: ReturnType<typeof createHandler>
  #channelId = ''

  constructor(log: MemoryLogOptions = {}) {
    ;[this.#hub, this.#handler] = this.#create(log)
  }

  #create(log: MemoryLogOptions): [Hub, ReturnType<typeof createHandler>] {
    const hub = createHub({ log: memoryLog(log), onError: () => undefined })
    const handler = createHandler(hub, {
      basePath: '/api/chat',
      cors: '*',
      start: ({ body, channelId }) => {
        readChatInput(body)
        this.#channelId = channelId
        return ({ signal }) => this.#answer(signal)
      },
    })
    return [hub, handler]
  }

  async *#answer(signal: AbortSignal) {
    this.written = 0
    signal.addEventListener('abort', () => (this.abortedAt = performance.now()))
    yield { type: 'start' }
    yield { type: 'text-start', id: '1' }
    for (const delta of piecesOf(this.text)) {
      yield { type: 'text-delta', id: '1', delta }
      this.written++
      if (this.paceMs > 0) await delay(this.paceMs, undefined, { signal })
    }
    yield { type: 'text-end', id: '1' }
    yield { type: 'finish' }
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const method = request.method ?? ''
    if (method !== 'OPTIONS')
      this.requests.push({
        method,
        path,
        lastEventId: request.headers['last-event-id'] as string | undefined,
      })
    if (path.endsWith('/stop')) this.stopReceivedAt = performance.now()
    if (this.refusal && method === 'POST' && !path.endsWith('/stop')) {
      response.setHeader('access-control-allow-origin', '*')
      return this.refusal(response)
    }
    if (this.dribble) dribble(response)
    this.#handler(request, response)
  }

  /** Requests that started a run. */
  get starts(): number {
    return this.requests.filter(({ method, path }) => method === 'POST' && path === '/api/chat').length
  }

  get stops(): number {
    return this.requests.filter(({ path }) => path.endsWith('/stop')).length
  }

  /** Events in the log of the newest run, the end included. */
  async events(): Promise<number> {
    return (await this.#hub.getInfo(this.#channelId)).events
  }

  /** A restart of the process: everything in memory is gone. */
  forgetEverything(log: MemoryLogOptions = {}): void {
    const old = this.#hub
    ;[this.#hub, this.#handler] = this.#create(log)
    void old.shutdown()
  }

  async close(): Promise<void> {
    await this.#hub.shutdown()
    await this.#handler.close()
  }
}

/** Makes a response write every byte as a chunk of its own. */
function dribble(response: ServerResponse): void {
  const write = response.write.bind(response) as (chunk: Uint8Array) => boolean
  response.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    for (const byte of Buffer.from(chunk as string)) write(Uint8Array.of(byte))
    const callback = rest.find((value) => typeof value === 'function') as (() => void) | undefined
    callback?.()
    return true
  }) as ServerResponse['write']
}
