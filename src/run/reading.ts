import { inPieces } from '../core/built-for.js'
import { toChannelError } from '../core/channel-error.js'
import type { ChannelEvent } from '../core/channel-event.js'
import type { Ending } from '../core/session.js'
import type { Outcome } from '../core/state.js'
import { utf8Length } from '../core/utf8.js'
import type { Decoded, Decoder } from '../decoders/decoder.js'
import type { UIMessageChunk } from '../messages/chunk.js'
import { createAnswer, type AnswerMessage } from '../messages/create-answer.js'
import type { LooseText } from '../messages/fold-text.js'
import type { Origin } from '../messages/message-of.js'
import type { Part } from '../messages/part.js'
import { holdView, isAsMuch, type HeldView } from './held-view.js'
import { laterAnswer } from './later-answer.js'

type Listener = (chunk: UIMessageChunk | LooseText) => void

/** What has come of a run, and what of it is in view. Plain values: whoever shows them decides when to look. */
export interface Reading {
  /** An event of the run; returns an ending when it is the last. */
  take(event: ChannelEvent): Ending | undefined
  /** The connection was closed in order: how the run stands, by its format. */
  closed(): Ending
  end(outcome: Outcome): void
  /**
   * From here on another answer comes.
   * @param origin the message that it goes on with
   * @param isHeld what is in view stays there until as much has come again
   */
  begin(origin: Origin | undefined, isHeld: boolean): void
  /** What is in view, but for the lists. */
  look(): {
    readonly text: string
    readonly reasoning: string
    readonly messageId: string | undefined
    readonly received: number
    readonly bytes: number
  }
  /** The lists: a copy with each call. */
  messages(): readonly unknown[]
  parts(): readonly Part[]
  message(parts: readonly Part[]): AnswerMessage
  tap(listener: Listener): () => void
}

const MAX_MESSAGES = 10_000

const newAnswer = inPieces ? laterAnswer : createAnswer

export function createReading(decoder: Decoder): Reading {
  const taps = new Set<Listener>()
  let answer = newAnswer()
  let decode = decoder()
  let log: unknown[] = []
  let received = 0
  let bytes = 0
  /** What is in view instead of an answer that has not come so far yet. */
  let held: HeldView | undefined

  // A decoder may be the application's: what it throws ends the run instead of the platform's callback.
  function guarded<Said extends Pick<Decoded, 'chunks'>>(decoded: () => Said): Said | { ending: Ending } {
    try {
      const said = decoded()
      add(said.chunks ?? [])
      return said
    } catch (thrown) {
      return { ending: { outcome: 'error', error: toChannelError(thrown, 'BAD_EVENT') } }
    }
  }

  function add(chunks: readonly (UIMessageChunk | LooseText)[]) {
    const before = held && answer.text.length
    for (const chunk of chunks) {
      answer.add(chunk)
      for (const listener of taps) listener(chunk)
    }
    // Taken back, it must not stay in view.
    if (before !== undefined && answer.text.length < before) held = undefined
  }

  return {
    take(event) {
      received++
      bytes += utf8Length(event.data)
      const { message, ending }: Decoded = guarded(() => decode(event) ?? {})
      if (message !== undefined) {
        log.push(message)
        // In batches: removing one a message would move the whole array each time.
        if (log.length > MAX_MESSAGES * 1.1) log.splice(0, log.length - MAX_MESSAGES)
      }
      return ending
    },
    closed() {
      const closing = guarded(() => decode.closed?.() ?? { outcome: 'done' as const })
      return 'ending' in closing ? closing.ending : closing
    },
    end(outcome) {
      answer.close()
      if (outcome === 'done') held = undefined
    },
    begin(origin, isHeld) {
      held = isHeld ? (held ?? holdView(answer, log)) : undefined
      answer = newAnswer(origin)
      decode = decoder()
      log = []
      received = bytes = 0
    },
    look() {
      if (held && isAsMuch(answer, received, held)) held = undefined
      const { text, reasoning } = held ?? answer
      return { text, reasoning, messageId: answer.id, received, bytes }
    },
    messages: () => (held ? held.messages : log).slice(),
    parts: () => (held ?? answer).parts,
    message: (parts) => answer.message(parts),
    tap(listener) {
      taps.add(listener)
      return () => void taps.delete(listener)
    },
  }
}
