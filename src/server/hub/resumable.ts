import { ChannelError } from '../../core/channel-error.js'
import type { Resume } from '../log/event-log.js'
import type { ChunkStream, Producer, RunContext } from './producer.js'

/** What a producer that can go on is given. */
export interface ResumeContext<Input = unknown, Chunk = unknown> extends RunContext<Chunk> {
  /** As it was given when the run was started; it went through JSON where another process goes on. */
  readonly input: Input
  /** The chunks that are written so far, in order; none at the beginning. What readers got, so behind a filter. */
  readonly written: readonly Chunk[]
}

/** Begins a run where nothing is written, and goes on with it where something is. */
export type Continue<Input, Chunk> = (
  context: ResumeContext<Input, Chunk>,
) => ChunkStream<Chunk> | ReturnType<Producer<Chunk>>

/** A producer that any process can go on with which knows it by its name. */
export interface ResumableProducer<Chunk = unknown> extends Producer<Chunk> {
  readonly resume: Resume
}

/** Makes producers, one for each input: `hub.run(id, report({ topic }))`. */
export interface Resumable<Input = never, Chunk = unknown> {
  (input: Input): ResumableProducer<Chunk>
  readonly resumableName: string
  /** @param resume what a producer of this name was made with */
  goOn(resume: Resume, written: readonly unknown[]): Producer<Chunk>
}

/**
 * A producer that outlives its process: when that dies or goes down, another process of the same log goes on with the
 * run, under the same ids. Each process names it in `createHub({ resumable: […] })`.
 * @param name permanent: a run may be gone on with by the next version of the program
 * @param produce begins, or goes on behind `written`. It must not repeat what is written. Its `signal` is aborted with
 * SERVER_BUSY where another process is to go on, with CHANNEL_CLOSED where the run is over.
 * @see docs/takeover.md
 */
export function resumable<Input, Chunk = unknown>(
  name: string,
  produce: Continue<Input, Chunk>,
): Resumable<Input, Chunk> {
  if (!/^[\w.:-]{1,64}$/.test(name))
    throw new ChannelError('BAD_OPTIONS', 'The name of a resumable has 1 to 64 letters, digits or _ . : -')
  const begin = (input: Input): ResumableProducer<Chunk> => {
    const producer: Producer<Chunk> = (context) => produce({ ...context, input, written: [] })
    return Object.assign(producer, { resume: { name, input: toJson(input) } })
  }
  return Object.assign(begin, {
    resumableName: name,
    goOn(resume: Resume, written: readonly unknown[]): Producer<Chunk> {
      const input = (resume.input === '' ? undefined : JSON.parse(resume.input)) as Input
      return (context) => produce({ ...context, input, written: written as readonly Chunk[] })
    },
  })
}

/** Undefined for a producer that ends with its process. */
export const resumeOf = (producer: Producer): Resume | undefined =>
  'resume' in producer ? (producer as ResumableProducer).resume : undefined

function toJson(input: unknown): string {
  try {
    return JSON.stringify(input) ?? ''
  } catch (cause) {
    throw new ChannelError('BAD_OPTIONS', 'The input of a resumable is JSON.', { cause })
  }
}
