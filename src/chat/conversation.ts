import { shallowRef, type ShallowRef } from 'vue'
import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import { createChannelId } from '../transports/channel-id.js'
import type { FinishReason } from '../messages/chunk.js'
import type { Part } from '../messages/part.js'
import type { Channel, ChannelStatus, ResumeTarget } from '../run/channel.js'
import { untracked } from '../run/untracked.js'
import { messageSize, type ChatMessage } from './chat-message.js'

type Readable<T> = Readonly<ShallowRef<T>>

/** An answer that came to its end, whichever. */
export interface ChatFinish {
  readonly message: ChatMessage
  /** The conversation with it. */
  readonly messages: readonly ChatMessage[]
  readonly outcome: Outcome
  /** Why the model ended, where the server says so. */
  readonly finishReason: FinishReason | undefined
}

/** Why an answer is asked for, in the AI SDK's words. */
type Trigger = 'submit-message' | 'regenerate-message'

/** The answer being written. */
interface Answering {
  readonly before: readonly ChatMessage[]
  readonly message: ChatMessage
  readonly run: Promise<Outcome>
}

/** A channel's answers one after the other, and the questions before them. As long-lived as its channel. */
export interface Conversation {
  /** Changes when a message comes or is complete, not with each piece of the one being written. */
  readonly messages: Readable<readonly ChatMessage[]>
  readonly finished: Readable<ChatFinish | undefined>
  /** The failure that was taken as read. */
  readonly dismissed: ShallowRef<ChannelError | undefined>
  /** Set until the answer is complete in `messages`. */
  readonly answering: Readable<Answering | undefined>
  send(parts: readonly Part[], body: object): Promise<Outcome>
  regenerate(messageId: string | undefined, body: object): Promise<Outcome>
  resume(): Promise<Outcome | undefined>
  retry(): Promise<Outcome>
  replace(messages: readonly ChatMessage[]): void
}

/** One for each channel, so that pages which share a key share it; it goes when the channel does. */
const conversations = new WeakMap<Channel, Conversation>()

/** The channel's conversation; made now if there is none. */
export function ensureConversation(
  channel: Channel,
  id: string,
  messages: readonly ChatMessage[],
): Conversation {
  const conversation = conversations.get(channel) ?? createConversation(channel, id, messages)
  conversations.set(channel, conversation)
  return conversation
}

function createConversation(channel: Channel, id: string, initial: readonly ChatMessage[]): Conversation {
  const messages = shallowRef(initial)
  const answering = shallowRef<Answering>()
  const finished = shallowRef<ChatFinish>()
  const dismissed = shallowRef<ChannelError>()

  function refuseWhileLive() {
    // Ended in this same turn, as by stop(): what waits for its promise need not be waited for.
    if (answering.value && !channel.isLive) complete(answering.value, endOf(channel.status.value))
    if (answering.value || channel.isLive) throw new ChannelError('RUN_ACTIVE')
  }

  function complete(now: Answering, outcome: Outcome) {
    // Replaced meanwhile, this answer belongs to no conversation any more.
    if (answering.value !== now) return
    const message = { ...now.message }
    answering.value = undefined
    messages.value = [...now.before, message]
    const { finishReason } = message
    finished.value = { message, messages: messages.value, outcome, finishReason }
  }

  /** Shows what was said `before`, and the answer of the run that `begin` begins. */
  async function run(
    before: readonly ChatMessage[],
    answer: Pick<ChatMessage, 'id' | 'parts' | 'metadata'>,
    begin: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const former = messages.value
    const now: Answering = { before, message: liveMessage(channel, answer), run: begin() }
    answering.value = now
    messages.value = [...before, now.message]
    try {
      const outcome = await now.run
      complete(now, outcome)
      return outcome
    } catch (refused) {
      // Nothing was sent: the conversation is as it was.
      if (answering.value === now) {
        answering.value = undefined
        messages.value = former
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
    return run(before, { id: createChannelId(), parts: [] }, () => channel.start(input))
  }

  /** Asks the question anew to which the message with this id is the answer, or the newest. */
  async function regenerate(messageId: string | undefined, body: object): Promise<Outcome> {
    refuseWhileLive()
    const end = endOfQuestion(messages.value, messageId)
    const dropped = messages.value[end]?.id
    return ask(messages.value.slice(0, end), 'regenerate-message', dropped, body)
  }

  function read(answer: ChatMessage, target: ResumeTarget | undefined): Promise<Outcome> {
    return run(messages.value.slice(0, -1), answer, () => channel.resume(target))
  }

  return {
    messages,
    answering,
    finished,
    dismissed,

    send: async (parts, body) =>
      untracked(() => {
        refuseWhileLive()
        const message: ChatMessage = { id: createChannelId(), role: 'user', parts }
        return ask([...messages.value, message], 'submit-message', message.id, body)
      }),

    regenerate: async (messageId, body) => untracked(() => regenerate(messageId, body)),
    resume: async () => untracked(resume),
    retry: async () => untracked(retry),

    replace(next) {
      answering.value = undefined
      messages.value = next
      channel.clear()
    },
  }

  async function resume(): Promise<Outcome | undefined> {
    if (answering.value) return answering.value.run
    const last = messages.value[messages.value.length - 1]
    const isOpen = last?.status === 'submitted' || last?.status === 'streaming' || last?.status === 'error'
    if (!last?.channelId || !isOpen) return undefined
    refuseWhileLive()
    const isHere = channel.channelId.value === last.channelId && channel.cursor.value !== undefined
    return read(last, isHere ? undefined : { channelId: last.channelId })
  }

  async function retry(): Promise<Outcome> {
    refuseWhileLive()
    const last = messages.value[messages.value.length - 1]
    if (last?.role !== 'assistant') return regenerate(undefined, {})
    // The failure under which retry() stands may be an older one: what is complete is not taken back.
    if (last.status === 'done' || last.status === undefined) throw new ChannelError('NOTHING_TO_RESUME')
    const { channelId } = last
    if (channelId && channelId !== channel.channelId.value) return read(last, { channelId })
    const again = run(messages.value.slice(0, -1), last, () => channel.retry())
    return again.catch((refused: unknown) => {
      // After a restart of the app the channel knows the answer's id but not what was asked.
      if (refused instanceof ChannelError && refused.code === 'NOTHING_TO_RESUME')
        return regenerate(undefined, {})
      throw refused
    })
  }
}

const endOf = (status: ChannelStatus): Outcome =>
  status === 'done' || status === 'error' ? status : 'stopped'

/** A message that reads the channel: who shows it renders with each piece, and who only lists it does not. */
function liveMessage(
  { parts, status, channelId, messageId, answer }: Omit<Channel, 'key'>,
  kept: Pick<ChatMessage, 'id' | 'parts' | 'metadata'>,
): ChatMessage {
  const before = messageSize(kept)

  /** What was in view before stays there until as much has come again, even if some of it was then taken back. */
  function isThere(): boolean {
    const { most } = answer.value
    const isWhole = status.value === 'done' && parts.value.length > 0
    return isWhole || (most.characters >= before.characters && most.others >= before.others)
  }

  return {
    get id() {
      return messageId.value ?? kept.id
    },
    role: 'assistant',
    get parts() {
      return isThere() ? parts.value : kept.parts
    },
    get metadata() {
      return answer.value.metadata ?? kept.metadata
    },
    get finishReason() {
      return answer.value.finishReason
    },
    get others() {
      const { others } = answer.value
      return others.length > 0 ? others : undefined
    },
    get status() {
      return status.value
    },
    get channelId() {
      return channelId.value
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

const hasParts = ({ parts }: ChatMessage) => parts.length > 0

const toWire = ({ id, role, metadata, parts }: ChatMessage) => ({ id, role, metadata, parts })
