import { epochOf } from './entry.js'

/** What is published of an append. */
export interface TailMessage {
  /** Stem and generation of the epoch its events are of. */
  readonly stem: string
  readonly generation: string
  /** The first number of that generation. */
  readonly from: number
  readonly seq: number
  /** `-` for none. */
  readonly outcome: string
  /** As `packEvents` made them. */
  readonly events: string
}

/** `e <stem> <generation>:<begin> <number> <outcome> <events>`; the events may hold spaces. */
export function splitMessage(message: string): TailMessage {
  const stemAt = message.indexOf(' ') + 1
  const generationAt = message.indexOf(' ', stemAt) + 1
  const fromAt = message.indexOf(':', generationAt) + 1
  const seqAt = message.indexOf(' ', fromAt) + 1
  const outcomeAt = message.indexOf(' ', seqAt) + 1
  const eventsAt = message.indexOf(' ', outcomeAt) + 1
  return {
    stem: message.slice(stemAt, generationAt - 1),
    generation: message.slice(generationAt, fromAt - 1),
    from: Number(message.slice(fromAt, seqAt - 1)),
    seq: Number(message.slice(seqAt, outcomeAt - 1)),
    outcome: message.slice(outcomeAt, eventsAt - 1),
    events: message.slice(eventsAt),
  }
}

export const epochOfMessage = ({ stem, generation }: TailMessage) => epochOf(stem, generation)
