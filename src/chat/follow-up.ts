import type { Outcome } from '../core/state.js'
import type { AnswerWriter } from './answer-writer.js'
import type { Asking } from './asking.js'
import type { CallOptions } from './conversation-settings.js'
import type { Hearing } from './hearing.js'
import type { ShownState } from './shown-state.js'
import type { WaitingMessages } from './waiting-messages.js'

/** What goes on by itself. */
export interface FollowUp {
  /** After an answer: another step of it, or the next message that waits. Resolves with the last step's outcome. */
  after(outcome: Outcome, call: CallOptions): Promise<Outcome>
  /** After something was said of the newest answer's tool calls. */
  afterToolAnswer(call: CallOptions): Promise<void>
  /** Sends the first message that waits, if it is its turn. */
  sendNext(): void
}

export function createFollowUp(
  shown: ShownState,
  writer: AnswerWriter,
  asking: Asking,
  waiting: WaitingMessages,
  hearing: Hearing,
): FollowUp {
  async function step(call: CallOptions): Promise<Outcome> {
    const { last } = shown
    return last ? after(await asking.step(last, call), call) : 'stopped'
  }

  async function after(outcome: Outcome, call: CallOptions): Promise<Outcome> {
    if (outcome !== 'done' || writer.isBusy) return outcome
    const { last } = shown
    if (last?.message.finishReason !== 'interrupted' && (await hearing.wantsMore())) {
      const isStill = shown.now.stage.name === 'resting' && shown.last?.key === last?.key
      if (isStill && !writer.isBusy) return step(call)
    }
    sendNext()
    return outcome
  }

  function sendNext() {
    const [next, ...queue] = shown.now.queue
    if (!next || shown.now.stage.name !== 'resting' || writer.isBusy) return
    const outcome = asking.say(next, next.request, { queue }).then((ended) => after(ended, next.request))
    if (!waiting.answerWith(next, outcome)) outcome.catch((refused: unknown) => hearing.failed(refused))
  }

  return {
    after,
    sendNext,
    async afterToolAnswer(call) {
      if (!(await hearing.wantsMore())) return sendNext()
      if (!writer.isBusy) void step(call).catch((refused: unknown) => hearing.failed(refused))
    },
  }
}
