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

/**
 * What fills a run: a model, a task. Either an async generator of chunks, or an async function that calls `write`.
 * The run ends `done` when it returns and `error` when it throws: a ChannelError's message goes to the clients as it
 * is, of anything else they only learn that the producer failed.
 */
export type Producer<Chunk = unknown> = (context: RunContext<Chunk>) => AsyncIterable<Chunk> | Promise<void>

/** Feeds a producer's chunks to `context.write` until it ends or its signal is aborted. */
export async function drain(producer: Producer, context: RunContext): Promise<void> {
  const output = producer(context)
  if (!(Symbol.asyncIterator in output)) return output
  const chunks = output[Symbol.asyncIterator]()
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      if (context.signal.aborted) return
      await context.write(next.value)
    }
  } finally {
    await chunks.return?.()
  }
}
