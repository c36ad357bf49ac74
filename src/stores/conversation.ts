import { shallowRef, type ShallowRef } from 'vue'
import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import { createChannelId } from '../transports/channel-id.js'
import type { Part } from './answer.js'
import type { Channel } from './channel.js'
import { messageText, type ChatMessage } from './chat-message.js'

type Readable<T> = Readonly<ShallowRef<T>>

/** An answer that came to its end, whichever. */
export interface ChatFinish {
  readonly message: ChatMessage
  /** The conversation with it. */
  readonly messages: readonly ChatMessage[]
  readonly outcome: Outcome
}

/** Why an answer is asked for, in the AI SDK's words. */
type Trigger = 'submit-message' | 'regenerate-message'

/** The answer being written: what `kept` already shows is shown until as much has come again. */
interface Answering {
  readonly id: string
  readonly kept: readonly Part[]
  readonly run: Promise<Outcome>
}

/** A channel's answers one after the other, and the questions before them. As long-lived as its channel. */
export interface Conversation {
  readonly history: Readable<readonly ChatMessage[]>
  readonly finished: Readable<ChatFinish | undefined>
  /** The failure that was taken as read. */
  readonly dismissed: ShallowRef<ChannelError | undefined>
  /** The answer that is being written. Reactive. */
  answer(): ChatMessage | undefined
  send(parts: readonly Part[], body: object): Promise<Outcome>
  regenerate(messageId: string | undefined, body: object): Promise<Outcome>
  resume(): Promise<Outcome | undefined>
  replace(messages: readonly ChatMessage[]): void
}

/** One for each channel, so that pages which share a key share it; it goes when the channel does. */
const conversations = new WeakMap<Omit<Channel, 'key'>, Conversation>()

/** The channel's conversation; made now if there is none. */
export function ensureConversation(
  channel: Omit<Channel, 'key'>,
  id: string,
  messages: readonly ChatMessage[],
): Conversation {
  const conversation = conversations.get(channel) ?? createConversation(channel, id, messages)
  conversations.set(channel, conversation)
  return conversation
}

function createConversation(
  channel: Omit<Channel, 'key'>,
  id: string,
  messages: readonly ChatMessage[],
): Conversation {
  const history = shallowRef(messages)
  const answering = shallowRef<Answering>()
  const finished = shallowRef<ChatFinish>()
  const dismissed = shallowRef<ChannelError>()

  function answer(): ChatMessage | undefined {
    const now = answering.value
    if (!now) return undefined
    const come = channel.parts.value
    const isBehind = now.kept.length > 0 && size(come) < size(now.kept)
    return {
      id: now.id,
      role: 'assistant',
      parts: isBehind ? now.kept : come,
      status: channel.status.value,
      channelId: channel.channelId.value,
    }
  }

  function refuseWhileLive() {
    const { value } = channel.status
    if (answering.value || value === 'submitted' || value === 'streaming')
      throw new ChannelError('RUN_ACTIVE')
  }

  /** Shows `before` and below it the answer of the run that `begin` begins. */
  async function run(
    before: readonly ChatMessage[],
    { id: answerId, kept }: Omit<Answering, 'run'>,
    begin: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const former = history.value
    history.value = before
    const now: Answering = { id: answerId, kept, run: begin() }
    answering.value = now
    try {
      const outcome = await now.run
      const message = answer()
      // Replaced meanwhile: this answer belongs to no conversation any more.
      if (!message || answering.value !== now) return outcome
      answering.value = undefined
      history.value = [...before, message]
      finished.value = { message, messages: history.value, outcome }
      return outcome
    } catch (refused) {
      // Nothing was sent: the conversation is as it was.
      if (answering.value === now) {
        answering.value = undefined
        history.value = former
      }
      throw refused
    }
  }

  function ask(
    before: readonly ChatMessage[],
    trigger: Trigger,
    messageId: string | undefined,
    body: object,
  ) {
    const input = { ...body, id, messages: before.filter(hasParts).map(toWire), trigger, messageId }
    return run(before, { id: createChannelId(), kept: [] }, () => channel.start(input))
  }

  return {
    history,
    finished,
    dismissed,
    answer,

    async send(parts, body) {
      refuseWhileLive()
      const message: ChatMessage = { id: createChannelId(), role: 'user', parts }
      return ask([...history.value, message], 'submit-message', message.id, body)
    },

    async regenerate(messageId, body) {
      refuseWhileLive()
      const end = endOfQuestion(history.value, messageId)
      const dropped = history.value[end]?.id
      return ask(history.value.slice(0, end), 'regenerate-message', dropped, body)
    },

    async resume() {
      if (answering.value) return answering.value.run
      const last = history.value[history.value.length - 1]
      const isOpen = last?.status === 'submitted' || last?.status === 'streaming' || last?.status === 'error'
      if (!last?.channelId || !isOpen) return undefined
      refuseWhileLive()
      const { channelId } = last
      const isHere = channel.channelId.value === channelId && channel.cursor.value !== undefined
      return run(history.value.slice(0, -1), { id: last.id, kept: last.parts }, () =>
        channel.resume(isHere ? undefined : { channelId }),
      )
    },

    replace(next) {
      answering.value = undefined
      history.value = next
      channel.clear()
    },
  }
}

/** The index after the question that the message answers, or that it is; without an id the newest question. */
function endOfQuestion(messages: readonly ChatMessage[], messageId: string | undefined): number {
  let index = messages.length - 1
  if (messageId !== undefined) index = messages.findIndex((message) => message.id === messageId)
  while (index >= 0 && messages[index]?.role !== 'user') index--
  if (index < 0)
    throw new ChannelError(
      'BAD_OPTIONS',
      messageId === undefined
        ? 'regenerate() needs a question: the conversation has none. Call sendMessage(text) first.'
        : `regenerate() found no question for the message ${JSON.stringify(messageId)}. Pass an id out of messages.`,
    )
  return index + 1
}

const size = (parts: readonly Part[]) =>
  messageText({ parts }).length + messageText({ parts }, 'reasoning').length

const hasParts = ({ parts }: ChatMessage) => parts.length > 0

const toWire = ({ id, role, parts }: ChatMessage) => ({ id, role, parts })
