import { ChannelError } from '../../core/channel-error.js'

/** What a producer is given. */
export interface RunContext<Chunk = unknown> {
  readonly channelId: string
  /** Aborted when the run is stopped. What the producer gives afterwards is discarded. */
  readonly signal: AbortSignal
  readonly metadata: Readonly<Record<string, unknown>>
  /**
   * Appends a chunk; for producers that are no generators. Await it: it waits while the log is behind.
   * Does nothing once the run has ended.
   */
  write(chunk: Chunk): Promise<void>
}

/** A stream of chunks, in any of the forms that model libraries have. */
export type ChunkStream<Chunk = unknown> = AsyncIterable<Chunk> | Iterable<Chunk> | ReadableStream<Chunk>

/** Of a function without a `return`: whoever writes an async one should not have to say more. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
type Nothing = void

/**
 * What fills a run: a model, a task. A generator of chunks, async or not; a function that gives a stream of them, at once
 * or later; or an async function that calls `write` and gives nothing.
 * The run ends `done` when it returns and `error` when it throws: a ChannelError's message goes to the clients as it
 * is, of anything else they only learn that the producer failed.
 */
export type Producer<Chunk = unknown> = (
  context: RunContext<Chunk>,
) => ChunkStream<Chunk> | Promise<Nothing | ChunkStream<Chunk>>

/**
 * Feeds a producer's chunks to `context.write` until it ends or its signal is aborted.
 * @throws {ChannelError} BAD_OPTIONS: it gave something that is no stream
 */
export async function drain(producer: Producer, context: RunContext): Promise<void> {
  const output: unknown = await producer(context)
  if (output === undefined) return
  const chunks = iteratorOf(output)
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      if (context.signal.aborted) return
      await context.write(next.value)
    }
  } finally {
    await chunks.return?.()
  }
}

function iteratorOf(output: unknown): AsyncIterator<unknown> {
  if (typeof output === 'object' && output !== null) {
    if (Symbol.asyncIterator in output) return (output as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    if (Symbol.iterator in output) return fromSync((output as Iterable<unknown>)[Symbol.iterator]())
    if ('getReader' in output) return readerOf(output as ReadableStream<unknown>)
  }
  throw new ChannelError(
    'BAD_OPTIONS',
    'A producer gives chunks: as a generator, as a stream, or by calling write(). This one gave something else.',
  )
}

function fromSync(chunks: Iterator<unknown>): AsyncIterator<unknown> {
  return {
    next: async () => chunks.next(),
    return: async () => chunks.return?.() ?? { done: true, value: undefined },
  }
}

/** Not every runtime's streams can be iterated. */
function readerOf(stream: ReadableStream<unknown>): AsyncIterator<unknown> {
  const reader = stream.getReader()
  return {
    next: async () => {
      const { done, value } = await reader.read()
      return done ? { done, value: undefined } : { done, value }
    },
    return: async () => {
      await reader.cancel()
      return { done: true, value: undefined }
    },
  }
}
