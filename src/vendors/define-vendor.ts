import type { ChannelEvent } from '../core/channel-event.js'
import { createAnswer, type Answer } from './answer.js'
import { errorEventWords, failureWords, isFailure, isRefusal } from './failure.js'
import { fieldsOf, listOf, parsed, type Fields } from './fields.js'
import { createLineBuffer } from './line-buffer.js'
import type { Asked, HowToStop, Translated, Vendor } from './vendor.js'

/** One event, read as far as all vendors agree. */
export interface Said {
  /** The event's name; `message` when it has none. */
  readonly type: string
  readonly fields: Fields
  /** The data: an object or a list. */
  readonly value: unknown
}

/** Writes down what one vendor says in one answer. */
export interface Reading {
  read(said: Said): void
  /**
   * The connection was closed in order. Calls `answer.done()` if that proves the end. Without it, a finish reason that
   * has come is the proof.
   */
  closed?(): void
  /** `[DONE]` has come. */
  done?(): void
  /** Absent: hanging up is all there is. */
  stop?(asked: Asked): HowToStop
}

export interface VendorDefinition {
  readonly name: string
  /** How people call it. */
  readonly title: string
  /** What its end is known by, for the message of an answer that has none. */
  readonly end: string
  readonly framing?: 'sse' | 'lines'
  /** Whether objects like `{ "error": … }` report failures; `own`: here they can be part of an answer. */
  readonly failures?: 'usual' | 'own'
  owns(said: Said): boolean
  begin(answer: Answer): Reading
}

/**
 * A vendor, of what is particular to it. Everybody's habits are here: heartbeats of any shape say nothing, `[DONE]`
 * ends, `event: error` and objects that report a failure end in the words of it, and nothing comes after an ending.
 */
export function defineVendor(definition: VendorDefinition): Vendor {
  const { name, title, end, framing = 'sse', failures = 'usual' } = definition
  return {
    name,
    framing,

    owns(event) {
      const said = read(event)
      return said !== undefined && definition.owns(said)
    },

    translator() {
      const answer = createAnswer()
      const reading = definition.begin(answer)

      const taken = (): Translated => {
        const { ending } = answer
        return ending ? { chunks: answer.take(), ending } : { chunks: answer.take() }
      }

      function one(event: ChannelEvent): Translated {
        if (answer.ending) return { chunks: [] }
        const said = read(event)
        if (isDone(event.data)) {
          reading.done?.()
          answer.done()
        } else if (event.type === 'error') answer.fail(errorEventWords(event.data))
        else if (said && failures === 'usual' && [said.fields, ...listOf(said.value)].some(reportsFailure))
          answer.fail(failureWords(said.value))
        else if (said) {
          reading.read(said)
          const translated = taken()
          if (translated.chunks.length > 0 || translated.ending) return translated
          if (isAnswerInstead(said, failures)) answer.fail(failureWords(said.fields))
        }
        return taken()
      }

      /** Lines come in pieces of text that end anywhere. */
      const lines = createLineBuffer()
      function pieceOfLines(event: ChannelEvent): Translated {
        const all = lines.add(event.data).map((data) => one({ ...event, data }))
        const chunks = all.flatMap((translated) => translated.chunks)
        return answer.ending && all.some(({ ending }) => ending)
          ? { chunks, ending: answer.ending }
          : { chunks }
      }

      return {
        event: framing === 'lines' ? pieceOfLines : one,

        closed() {
          if (!answer.ending) reading.closed?.()
          if (!answer.ending && answer.reason) answer.done()
          if (!answer.ending)
            answer.incomplete(
              `${title} closed the connection without saying that the answer is complete (${end}). ` +
                'The text so far is kept; offer retry().',
            )
          return { chunks: answer.take(), ending: answer.ending ?? { outcome: 'done' } }
        },

        stop: (asked) => (answer.ending ? 'hang-up' : (reading.stop?.(asked) ?? 'hang-up')),
      }
    },
  }
}

const reportsFailure = (value: unknown) => isFailure(fieldsOf(value))

const isDone = (data: string) => /^\s*"?\[DONE\]"?\s*$/.test(data)

/** Of what says nothing else: a refusal in place of an answer? It has no name and no type. */
function isAnswerInstead({ type, fields }: Said, failures: 'usual' | 'own'): boolean {
  if (failures === 'usual') return isRefusal(fields)
  return type === 'message' && typeof fields.type !== 'string' && (isFailure(fields) || isRefusal(fields))
}

/** Undefined for what is no JSON of some structure: a heartbeat. */
function read({ type, data }: ChannelEvent): Said | undefined {
  const value = parsed(data)
  return typeof value === 'object' && value !== null ? { type, value, fields: fieldsOf(value) } : undefined
}
