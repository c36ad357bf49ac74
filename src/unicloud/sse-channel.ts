import {
  channelIdOf,
  seqIdOf,
  type ChannelDescriptor,
  type LogEntry,
  type ReaderRequest,
} from '../cloud/wire.js'
import { cloudErrorTexts } from '../core/cloud-error-texts.js'
import { learnTexts } from '../core/explain.js'
import { ChannelError, toChannelError } from '../core/channel-error.js'
import { systemClock } from '../platform/system-clock.js'
import { createChannelId } from '../transports/create-channel-id.js'
import { createClientFollower } from './client-follower.js'
import { Emitter } from './emitter.js'
import { pushClient, type PushClient } from './push-client.js'
import { createReceiver, type ReadLog, type Receiver } from './receiver.js'
import { readerOf, receiverPolicy } from './receiver-defaults.js'
import type { ReceiverPolicy } from './receiver-state.js'
import { uniPushLine } from './uni-push-line.js'

/** What a channel tells its listeners. */
export type SSEChannelEvents = {
  open: () => void
  message: (message: unknown) => void
  /** The function ended the channel; `undefined` where it passed nothing. `close` follows. */
  end: (message: unknown) => void
  /** PUSH_UNAVAILABLE, PUSH_OFFLINE, PUSH_NO_CLIENT_ID, PUSH_LOST, HISTORY_EXPIRED. `close` follows. */
  error: (error: ChannelError) => void
  close: () => void
}

/** What the constructor of an `SSEChannel` takes. */
export interface SSEChannelOptions {
  /**
   * Name of the cloud function that reads the log, made with `createReader`, or a function that asks it.
   * `none`: there is no log. A lost push is an error then as soon as a later one shows that it is missing; nothing shows
   * it of the last ones, so close such a channel when the call has returned. Default `sse-channel-reader`.
   */
  readonly reader?: 'none' | (string & {}) | ReadLog
  /** Without a push for this long the log is asked, in milliseconds. Default 10,000. */
  readonly silenceMs?: number
  /** How long open() waits for the push client id, in milliseconds. Default 8,000. */
  readonly openTimeoutMs?: number
}

type State =
  | { readonly name: 'closed'; readonly last: ChannelDescriptor | undefined }
  | { readonly name: 'opening'; readonly opened: Promise<void> }
  | { readonly name: 'open'; readonly descriptor: ChannelDescriptor; readonly receiver: Receiver }

/**
 * A channel from a cloud function to this app: in place of `uniCloud.SSEChannel`, with the same events and
 * methods, and without the ways in which that one falls silent. Pushes are hints; what they miss is read from the
 * log. One instance may be opened again after it closed.
 * @see docs/unicloud.md
 * @example
 * const channel = new SSEChannel()
 * channel.on('message', (message) => …)
 * await channel.open()
 * await uniCloud.callFunction({ name: 'massive-task', data: { channel } })
 */
export class SSEChannel {
  readonly #emitter = new Emitter<SSEChannelEvents>()
  readonly #policy: ReceiverPolicy
  readonly #openTimeoutMs: number
  readonly #readLog: ReadLog | undefined
  #state: State = { name: 'closed', last: undefined }

  /** @throws {ChannelError} BAD_OPTIONS */
  constructor(options: SSEChannelOptions = {}) {
    learnTexts(cloudErrorTexts)
    this.#policy = receiverPolicy(options)
    this.#openTimeoutMs = options.openTimeoutMs ?? 8_000
    this.#readLog = readerOf(options.reader)
  }

  on<Name extends keyof SSEChannelEvents>(event: Name, listener: SSEChannelEvents[Name]): this {
    this.#emitter.on(event, listener)
    return this
  }

  off<Name extends keyof SSEChannelEvents>(event: Name, listener: SSEChannelEvents[Name]): this {
    this.#emitter.off(event, listener)
    return this
  }

  addListener<Name extends keyof SSEChannelEvents>(event: Name, listener: SSEChannelEvents[Name]): this {
    return this.on(event, listener)
  }

  removeListener<Name extends keyof SSEChannelEvents>(event: Name, listener: SSEChannelEvents[Name]): this {
    return this.off(event, listener)
  }

  removeAllListener(event: keyof SSEChannelEvents): void {
    this.#emitter.removeAll(event)
  }

  /**
   * Opens the channel; pass it to a cloud function only afterwards. While it is open or opening, nothing changes.
   * @throws {ChannelError} PUSH_UNAVAILABLE, PUSH_OFFLINE, PUSH_NO_CLIENT_ID; CHANNEL_CLOSED when close() came first
   */
  open(): Promise<void> {
    if (this.#state.name === 'open') return Promise.resolve()
    if (this.#state.name === 'opening') return this.#state.opened
    const opened = this.#open(() => this.#state.name === 'opening' && this.#state.opened === opened)
    this.#state = { name: 'opening', opened }
    return opened
  }

  async #open(isCurrent: () => boolean): Promise<void> {
    try {
      const client = await pushClient(systemClock, this.#openTimeoutMs)
      if (!isCurrent())
        throw new ChannelError('CHANNEL_CLOSED', 'close() was called before the channel was open.')
      const channelId = createChannelId()
      const descriptor: ChannelDescriptor = { ...client, seqId: seqIdOf(channelId) }
      this.#state = { name: 'open', descriptor, receiver: this.#receive(channelId, client) }
    } catch (thrown) {
      const error = toChannelError(thrown, 'PUSH_UNAVAILABLE')
      if (isCurrent()) this.#end(() => this.#emitter.emit('error', error))
      throw error
    }
    this.#emitter.emit('open')
  }

  #receive(channelId: string, { pushClientId }: PushClient): Receiver {
    const readLog = this.#readLog
    // Whoever can't be read from can't be told where to push either.
    const follower = readLog && createClientFollower(channelId, pushClientId, readLog)
    return createReceiver({
      channelId,
      next: 0,
      line: uniPushLine,
      clock: systemClock,
      policy: this.#policy,
      readLog: readLog ?? noLog,
      deliver: (entry) => this.#deliver(entry),
      fail: (error) => this.#end(() => this.#emitter.emit('error', error)),
      alive: () => undefined,
      woke: () => follower?.check(),
    })
  }

  #deliver({ kind, message }: LogEntry): void {
    if (kind === 'message') return this.#emitter.emit('message', message)
    this.#end(() => this.#emitter.emit('end', message ?? undefined))
  }

  /**
   * Reads from the log what pushes may have missed, for example when the cloud function returned. Resolves when
   * there is nothing more; without effect on a closed channel.
   * @throws {ChannelError} READER_FAILED, LOG_FAILED, CLOUD_UNAVAILABLE, CONNECTION_LOST when the log can't be read;
   * the channel stays open and tries again
   */
  async reconcile(): Promise<void> {
    if (this.#state.name !== 'open') return
    const { receiver } = this.#state
    await receiver.look()
    if (receiver.readError) throw receiver.readError
  }

  /**
   * Asks the cloud function to stop writing. The channel stays open until it hears that it ended.
   * @throws {ChannelError} STOP_FAILED, also without a log, through which the function would hear it
   */
  async stop(): Promise<void> {
    if (this.#state.name !== 'open') return
    const request: ReaderRequest = { action: 'stop', channelId: channelIdOf(this.#state.descriptor.seqId) }
    try {
      await (this.#readLog ?? noLog)(request)
    } catch (cause) {
      throw new ChannelError('STOP_FAILED', undefined, { cause })
    }
  }

  /** Nothing is delivered afterwards. Idempotent. */
  close(): void {
    this.#end(() => undefined)
  }

  /** Closed before anybody is told, so that a listener may open it again. */
  #end(tell: () => void): void {
    const state = this.#state
    if (state.name === 'closed') return
    this.#state = { name: 'closed', last: state.name === 'open' ? state.descriptor : undefined }
    if (state.name === 'open') state.receiver.close()
    tell()
    this.#emitter.emit('close')
  }

  /**
   * What a cloud function receives when the channel is part of its data.
   * @throws {ChannelError} CHANNEL_CLOSED before open()
   */
  toJSON(): ChannelDescriptor {
    const descriptor = this.#state.name === 'open' ? this.#state.descriptor : lastOf(this.#state)
    if (descriptor) return descriptor
    throw new ChannelError(
      'CHANNEL_CLOSED',
      'Await channel.open() before the channel is passed to a cloud function.',
    )
  }
}

const noLog: ReadLog = () => Promise.reject(new ChannelError('BAD_OPTIONS', 'This channel has no reader.'))

function lastOf(state: State): ChannelDescriptor | undefined {
  return state.name === 'closed' ? state.last : undefined
}
