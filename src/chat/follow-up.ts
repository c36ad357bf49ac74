import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import type { AnswerWriter } from './answer-writer.js'
import type { Asking } from './asking.js'
import type { CallOptions } from './conversation-settings.js'
import type { Hearing } from './hearing.js'
import { released } from './chat-state.js'
import type { ShownState } from './shown-state.js'
import type { ToolAnswer } from './tool-answer.js'
import type { WaitingMessages } from './waiting-messages.js'

/** What goes on by itself. */
export interface FollowUp {
  /** After an answer: another step of it, or the next message that waits. Resolves with the last step's outcome. */
  after(outcome: Outcome, call: CallOptions): Promise<Outcome>
  /** After something was said of the newest answer's tool calls. What the user has stopped goes on only by their leave. */
  afterToolAnswer(answer: ToolAnswer, call: CallOptions): Promise<void>
  /** The user or the page has said something: what goes on by itself may do so again. */
  said(): void
  /** Sends the first message that waits, if it is its turn. */
  sendNext(): void
}

/** An answer may ask for so many steps in a row to which nobody has said anything: each costs a call of the model. */
const MAX_STEPS = 20

export function createFollowUp(
  shown: ShownState,
  writer: AnswerWriter,
  asking: Asking,
  waiting: WaitingMessages,
  hearing: Hearing,
): FollowUp {
  let steps = 0

  async function step(call: CallOptions): Promise<Outcome> {
    const { last } = shown
    if (++steps > MAX_STEPS) {
      hearing.failed(
        new ChannelError(
          'BAD_OPTIONS',
          `sendAutomaticallyWhen has asked for ${MAX_STEPS} steps in a row to which the page has said nothing. Let it say false when nothing is left to do.`,
        ),
      )
      return 'done'
    }
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
    steps = 0
    const outcome = asking.say(next, next.request, { queue }).then((ended) => after(ended, next.request))
    if (!waiting.answerWith(next, outcome)) outcome.catch((refused: unknown) => hearing.failed(refused))
  }

  return {
    after,
    sendNext,
    said: () => void (steps = 0),
    async afterToolAnswer(answer, call) {
      const { stage } = shown.now
      if (stage.name === 'held') {
        if (answer.kind !== 'approval') return
        shown.set({ stage: released(stage) })
      }
      if (!(await hearing.wantsMore())) return sendNext()
      if (!writer.isBusy) void step(call).catch((refused: unknown) => hearing.failed(refused))
    },
  }
}
