import type { ShallowRef } from 'vue'
import type { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { UIMessageChunk } from '../messages/chunk.js'
import type { AnswerMessage } from '../messages/create-answer.js'
import type { LooseText } from '../messages/fold-text.js'
import type { Origin } from '../messages/message-of.js'
import type { Part } from '../messages/part.js'

/** `submitted`: sent, nothing has come yet. */
export type ChannelStatus = 'idle' | 'submitted' | 'streaming' | Outcome

/** Whether a connection is there: `waiting` for the next try, `paused` while the app is in the background. */
export type Connection = 'closed' | 'connecting' | 'open' | 'waiting' | 'paused'

/** Where to read: a channel that runs, or ran. Without a cursor from its start. */
export interface ResumeTarget {
  readonly channelId: string
  readonly cursor?: string
  /** The message that this answer goes on with. */
  readonly origin?: Origin | undefined
}

/** What a start may say besides its input. */
export interface StartPlan {
  /** To be proposed to the server. Default: a new one. The same again is the same run, at a server of ours. */
  readonly channelId?: string | undefined
  /** The message that this answer goes on with: the server has seen it, and tells what is new. */
  readonly origin?: Origin | undefined
}

type Readable<T> = Readonly<ShallowRef<T>>

/** One channel as pages see it: what arrived, how it stands, and what can be done. */
export interface Channel<Message = unknown> {
  readonly key: string
  /** Whether a run goes on. Plain: an effect that reads it does not depend on it. */
  readonly isLive: boolean
  /** Every event of this run, data parsed; of a very long run the newest 10,000 at least. Each change is a new array. */
  readonly messages: Readable<readonly Message[]>
  readonly text: Readable<string>
  readonly reasoning: Readable<string>
  readonly parts: Readable<readonly Part[]>
  /** The answer as one message of the AI SDK, with what the server says of it: id, metadata, why it ended. */
  readonly answer: Readable<AnswerMessage>
  /** The server's id of the answer, where it gives one: apart, since it hardly ever changes. */
  readonly messageId: Readable<string | undefined>
  readonly status: Readable<ChannelStatus>
  readonly connection: Readable<Connection>
  readonly error: Readable<ChannelError | undefined>
  readonly channelId: Readable<string>
  readonly cursor: Readable<string | undefined>
  /** Events applied in this run. */
  readonly received: Readable<number>
  /** Size of their data in UTF-8. */
  readonly bytes: Readable<number>
  /** Clock time in milliseconds; undefined before the first run. */
  readonly startedAt: Readable<number | undefined>
  /**
   * Starts a run; resolves when it ends, with how. The event of a click, as of `@click="start"`, is no input.
   * @throws {ChannelError} RUN_ACTIVE
   */
  start(input?: unknown, plan?: StartPlan): Promise<Outcome>
  /**
   * Ends the run: what arrived is kept, nothing reconnects, and the producer is told, without a network when it is back.
   * Idempotent.
   */
  stop(): void
  /**
   * After an error: reads on from the cursor where the run may still be going, else runs the same input again. What is
   * in view stays there until as much has come again.
   * @throws {ChannelError} RUN_ACTIVE, NOTHING_TO_RESUME
   */
  retry(): Promise<Outcome>
  /**
   * Reads a run that exists, here or at the server; never starts one.
   * @throws {ChannelError} RUN_ACTIVE, NOTHING_TO_RESUME
   */
  resume(target?: ResumeTarget): Promise<Outcome>
  /** Stops, and forgets what arrived. */
  clear(): void
  /** Hears every chunk as it comes, transient ones too; what it throws is not the run's. Returns its undo. */
  tap(listener: (chunk: UIMessageChunk | LooseText) => void): () => void
}
