import { createClient, ErrorReply, type RedisClientOptions } from 'redis'
import { ChannelError } from '../../core/channel-error.js'
import type { Script } from './script.js'

export interface ConnectionOptions {
  readonly client: RedisClientOptions
  /** How long a command may wait for Redis, in milliseconds, before it fails. */
  readonly offlineMs: number
  /** Hears once of every outage. Default: nobody, as another connection tells it. */
  readonly onOutage?: (error: ChannelError) => void
  /** Hears when Redis refuses a command, once for each connect: a user who may not, memory that is full. */
  readonly onRefused: (error: ChannelError) => void
}

/** One connection that comes back by itself. */
export interface Connection {
  /**
   * Runs a command once there is a connection, again when the connection is lost on the way: it must not matter if
   * that makes it run twice.
   * @throws {ChannelError} SERVER_ERROR when Redis is away for longer than `offlineMs`, or refuses
   */
  run<T>(use: (client: Client) => Promise<T>): Promise<T>
  script(script: Script, key: string, args: readonly string[]): Promise<unknown>
  /** Calls after every connect; returns its undo. */
  onReady(listener: () => void): () => void
  /** Rejects what waits. Idempotent. */
  close(): void
}

/** What is used of the package's client. Its own type brings the commands of every Redis module into ours. */
export interface Client {
  readonly isReady: boolean
  sendCommand(command: readonly string[]): Promise<unknown>
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  eval(source: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  on(event: 'error' | 'ready', listener: (cause: unknown) => void): unknown
  connect(): Promise<unknown>
  destroy(): void
}

const RETRY_MS = 50
/** Redis is there, but not ready to serve. */
const passing = /^(LOADING|BUSY|TRYAGAIN|READONLY|MASTERDOWN|CLUSTERDOWN|UNBLOCKED)/

const open = (options: RedisClientOptions): Client =>
  createClient({
    ...options,
    RESP: 2,
    // Kept here, in order and with a bound, not in the client.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2_000,
      ...options.socket,
      reconnectStrategy: (retries: number) =>
        Math.min(RETRY_MS * 2 ** retries, 1_000) * (0.5 + Math.random()),
    },
  })

export function createConnection({
  client: clientOptions,
  offlineMs,
  onOutage = () => undefined,
  onRefused,
}: ConnectionOptions): Connection {
  const ready = new Set<() => void>()
  const waiting = new Set<() => void>()
  let state: 'open' | 'closed' = 'open'
  let outage = false
  let refusal: 'none' | 'told' = 'none'
  let client = connect()

  function connect(): Client {
    const next = open(clientOptions)
    next.on('error', (cause: unknown) => {
      if (outage || next !== client || state === 'closed') return
      outage = true
      onOutage(unreachable(cause))
    })
    next.on('ready', () => {
      if (next !== client || state === 'closed') return
      outage = false
      refusal = 'none'
      wakeAll()
      for (const listener of [...ready]) listener()
    })
    // It tries until it succeeds or is destroyed, and tells the outcome through its events.
    next.connect().catch(() => undefined)
    return next
  }

  function wakeAll() {
    for (const wake of [...waiting]) wake()
  }

  /** For a connection that is there but silent. */
  function renew(silent: Client) {
    if (silent !== client || state === 'closed') return
    client = connect()
    silent.destroy()
  }

  function pause(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, limitMs)
      waiting.add(wake)
    })
  }

  async function attempt<T>(use: (client: Client) => Promise<T>, limitMs: number): Promise<T> {
    const used = client
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error('Redis does not answer.'))
        renew(used)
      }, limitMs)
    })
    try {
      return await Promise.race([use(used), limit])
    } finally {
      clearTimeout(timer)
    }
  }

  function refuse(cause: ErrorReply): ChannelError {
    const error = new ChannelError('SERVER_ERROR', 'Redis refused a command of the event log.', { cause })
    if (refusal === 'none') onRefused(error)
    refusal = 'told'
    return error
  }

  async function run<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const deadline = Date.now() + offlineMs
    let cause: unknown
    while (state === 'open') {
      const leftMs = deadline - Date.now()
      if (leftMs <= 0) throw unreachable(cause)
      if (!client.isReady) {
        await pause(leftMs)
        continue
      }
      try {
        return await attempt(use, leftMs)
      } catch (thrown) {
        cause = thrown
        const refused = thrown instanceof ErrorReply && !passing.test(thrown.message)
        if (thrown instanceof ChannelError) throw thrown
        if (refused) throw refuse(thrown)
        await pause(RETRY_MS)
      }
    }
    throw new ChannelError('SERVER_ERROR', 'The event log is closed.')
  }

  return {
    run,
    script: (script, key, args) =>
      run(async (redis) => {
        const options = { keys: [key], arguments: [...args] }
        try {
          return await redis.evalSha(script.sha, options)
        } catch (thrown) {
          // A restart forgets scripts.
          if (thrown instanceof ErrorReply && thrown.message.startsWith('NOSCRIPT'))
            return redis.eval(script.source, options)
          throw thrown
        }
      }),
    onReady(listener) {
      ready.add(listener)
      return () => ready.delete(listener)
    },
    close() {
      if (state === 'closed') return
      state = 'closed'
      client.destroy()
      wakeAll()
    },
  }
}

function unreachable(cause: unknown): ChannelError {
  return new ChannelError('SERVER_ERROR', 'The event log cannot reach Redis.', { cause })
}
