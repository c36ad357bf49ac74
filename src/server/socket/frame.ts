import { ChannelError } from '../../core/channel-error.js'
import type { Batch } from '../log/event-log.js'
import { describe, toProblem, type Kept } from '../http/problem.js'

/** What the server says on a WebSocket, one JSON object a message. @see docs/protocol.md#websocket */
export type ServerFrame =
  | { readonly type: 'open'; readonly channelId: string }
  | { readonly type: 'retry'; readonly delayMs: number }
  | { readonly type: 'ping' }
  | { readonly type: 'end' }
  | { readonly type: 'finished' }

const frames = new WeakMap<Batch, string>()

/** The text of a batch, made once for all sockets that get the same batch object. */
export function batchFrame(batch: Batch): string {
  let text = frames.get(batch)
  if (!text) frames.set(batch, (text = JSON.stringify({ type: 'events', events: batch.events })))
  return text
}

export interface Refusal {
  readonly frame: string
  /** 4000 + the HTTP status of the same refusal. */
  readonly closeCode: number
}

/** What a client is told when it is refused or its stream breaks: as over HTTP, in a frame and as a close code. */
export function refusal(thrown: unknown, kept?: Kept): Refusal {
  const problem = toProblem(thrown, kept)
  const error = thrown instanceof ChannelError ? thrown : new ChannelError('SERVER_ERROR')
  const retryAfter = problem.headers['retry-after']
  const frame = {
    type: 'error',
    status: problem.status,
    ...describe(error, kept),
    ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
  }
  return { frame: JSON.stringify(frame), closeCode: 4000 + problem.status }
}
