import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createHandler,
  createHub,
  createSocketHandler,
  memoryLog,
  readChatInput,
  type HandlerOptions,
  type Hub,
  type MemoryLogOptions,
} from 'uni-sse-channel/server'
import { startOwnTime, type OwnTime } from '../helpers/own-time.js'
import { answerText, piecesOf } from './answer-text.js'

/** What the server saw of one request, or of a WebSocket that stands for one. */
export interface SeenRequest {
  /** POST for a socket that starts a run, GET for one that reads. */
  readonly method: string
  readonly path: string
  readonly lastEventId: string | undefined
}

const HELD_POLL_MS = 5

interface Handlers {
  readonly requests: ReturnType<typeof createHandler>
  readonly sockets: ReturnType<typeof createSocketHandler>
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
  /** Of an answer. */
  readonly pieces = piecesOf(this.text).length
  /** Milliseconds between two pieces of the answer. */
  paceMs = 2
  /** Pieces after which an answer waits until this is raised: what a test does meanwhile finds it running. */
  heldAt = Infinity
  /** Cuts every connection at once, as a server that is out of reach. */
  isAway = false
  /** Writes one byte at a time. */
  dribble = false
  refusal: Refusal | undefined
  /** Pieces given to the log by the newest run. */
  written = 0
  /** From a stop that reached the server to the abort of its run, in milliseconds of this process. */
  stopTookMs: number | undefined
  #sinceStop: OwnTime | undefined
  #hub: Hub
  #handlers: Handlers
  #channelId = ''

  constructor(log: MemoryLogOptions = {}) {
    ;[this.#hub, this.#handlers] = this.#create(log)
  }

  #create(log: MemoryLogOptions): [Hub, Handlers] {
    const hub = createHub({ log: memoryLog(log), onError: () => undefined })
    const options: HandlerOptions = {
      basePath: '/api/chat',
      cors: '*',
      start: ({ body, channelId }) => {
        readChatInput(body)
        this.#channelId = channelId
        return ({ signal }) => this.#answer(signal)
      },
    }
    return [hub, { requests: createHandler(hub, options), sockets: createSocketHandler(hub, options) }]
  }

  async *#answer(signal: AbortSignal) {
    this.written = 0
    signal.addEventListener('abort', () => {
      this.stopTookMs = this.#sinceStop?.elapsedMs
      this.#sinceStop?.stop()
    })
    yield { type: 'start' }
    yield { type: 'text-start', id: '1' }
    for (const delta of piecesOf(this.text)) {
      yield { type: 'text-delta', id: '1', delta }
      this.written++
      if (this.paceMs > 0) await delay(this.paceMs, undefined, { signal })
      while (this.written >= this.heldAt) await delay(HELD_POLL_MS, undefined, { signal })
    }
    yield { type: 'text-end', id: '1' }
    yield { type: 'finish' }
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { path, lastEventId } = targetOf(request)
    const method = request.method ?? ''
    if (this.isAway) return void request.socket.destroy()
    if (method !== 'OPTIONS') this.requests.push({ method, path, lastEventId })
    if (path.endsWith('/stop')) this.#sinceStop = startOwnTime()
    if (this.refusal && method === 'POST' && !path.endsWith('/stop')) {
      response.setHeader('access-control-allow-origin', '*')
      return this.refusal(response)
    }
    if (this.dribble) dribble(response)
    this.#handlers.requests(request, response)
  }

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { path, lastEventId } = targetOf(request)
    const isStart = path === '/api/chat'
    if (this.isAway) return void socket.destroy()
    if (this.refusal && isStart) {
      // As a gateway in front of the server would: the socket never opens, and nothing of the start has left.
      const response = new ServerResponse(request)
      response.assignSocket(socket as Socket)
      return this.refusal(response)
    }
    this.requests.push({ method: isStart ? 'POST' : 'GET', path, lastEventId })
    if (this.dribble) {
      socket.cork = () => undefined
      dribble(socket)
    }
    this.#handlers.sockets(request, socket, head)
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
    ;[this.#hub, this.#handlers] = this.#create(log)
    void old.shutdown()
  }

  async close(): Promise<void> {
    await this.#hub.shutdown()
    await Promise.all([this.#handlers.requests.close(), this.#handlers.sockets.close()])
  }
}

function targetOf({ url = '', headers }: IncomingMessage): { path: string; lastEventId: string | undefined } {
  const { pathname, searchParams } = new URL(url, 'http://host')
  const cursor = (headers['last-event-id'] as string | undefined) ?? searchParams.get('lastEventId')
  return { path: pathname, lastEventId: cursor ?? undefined }
}

/** Writes every byte by itself; to a response, as a chunk of its own. */
function dribble(stream: ServerResponse | Duplex): void {
  const write = stream.write.bind(stream) as (chunk: Uint8Array) => boolean
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    for (const byte of Buffer.from(chunk as string)) write(Uint8Array.of(byte))
    const callback = rest.find((value) => typeof value === 'function') as (() => void) | undefined
    callback?.()
    return true
  }) as typeof stream.write
}
