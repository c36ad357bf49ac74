import { shallowRef, type ShallowRef } from 'vue'
import type { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import { tabLocks } from '../platform/tab-locks.js'
import type { Channel } from '../run/channel.js'
import { untracked, untrackedly } from '../run/untracked.js'
import { createAnswerWriter } from './answer-writer.js'
import { answerTools } from './answer-tools.js'
import { createAsking } from './asking.js'
import type { AnyListeners } from './chat-listeners.js'
import type { ChatMessage } from './chat-message.js'
import { answeringOf, held, released, resting } from './chat-state.js'
import type { CallOptions, ConversationSettings } from './conversation-settings.js'
import { createRecord, type ConversationRecord } from './conversation-record.js'
import { messageNode, questionNode } from './find-messages.js'
import { createFollowUp } from './follow-up.js'
import { createHearing } from './hearing.js'
import { keepStored } from './keep-stored.js'
import { createNeighbourTab } from './neighbour-tab.js'
import type { QueuedMessage } from './message-queue.js'
import { shownAt, siblingsOf, treeOf } from './message-tree.js'
import type { Outgoing } from './outgoing.js'
import { createReadingOn } from './reading-on.js'
import { storageName } from './storage/storage-name.js'
import { createShownState, type ShownState } from './shown-state.js'
import type { ToolAnswer } from './tool-answer.js'
import { createWaitingMessages } from './waiting-messages.js'
import { watchDeparture } from './watch-departure.js'

/** The siblings of a message, and which of them it is. */
export interface Branches {
  readonly ids: readonly string[]
  readonly index: number
}

/** A channel's answers one after the other, and the questions before them. As long-lived as its channel. */
export interface Conversation extends Pick<ShownState, 'messages' | 'queue' | 'isAnswering'> {
  readonly id: string
  /** The failure that was taken as read. */
  readonly dismissed: ShallowRef<ChannelError | undefined>
  /** Of the storage. */
  readonly storageError: ShallowRef<ChannelError | undefined>
  listen(listeners: AnyListeners): () => void
  send(outgoing: Outgoing, call: CallOptions): Promise<Outcome>
  regenerate(messageId: string | undefined, call: CallOptions): Promise<Outcome>
  resume(): Promise<Outcome | undefined>
  retry(): Promise<Outcome>
  stop(): Promise<void>
  replace(messages: readonly ChatMessage[]): void
  answer(answer: ToolAnswer, call: CallOptions): Promise<void>
  branches(messageId: string): Branches
  switchBranch(messageId: string): void
  setQueue(queue: readonly QueuedMessage[]): void
}

/** One for each channel, so that pages which share a key share it; it goes when the channel does. */
const conversations = new WeakMap<Channel, Conversation>()

/** The channel's conversation; made now if there is none. */
export function ensureConversation(channel: Channel, settings: ConversationSettings): Conversation {
  const conversation = conversations.get(channel) ?? createConversation(channel, settings)
  conversations.set(channel, conversation)
  return conversation
}

function createConversation(channel: Channel, settings: ConversationSettings): Conversation {
  const { id, storage, whenBusy } = settings
  const dismissed = shallowRef<ChannelError>()
  const storageError = shallowRef<ChannelError>()
  const shown = createShownState(settings.messages, () => {
    record?.save()
    neighbour?.changed()
  })
  const hearing = createHearing(channel, () => shown.messages.value)
  const writer = createAnswerWriter(channel, shown, hearing, settings.throttle, (state) =>
    record?.save(state),
  )
  const waiting = createWaitingMessages(shown)
  const asking = createAsking(channel, settings, shown, writer)
  const followUp = createFollowUp(shown, writer, asking, waiting, hearing)
  const readingOn = createReadingOn(channel, shown, writer, asking)

  const record: ConversationRecord | undefined =
    storage &&
    createRecord(
      storage,
      id,
      () => shown.now,
      (error) => {
        storageError.value = error
        hearing.failed(error)
      },
    )
  const neighbour =
    storage &&
    createNeighbourTab(
      `uni-sse-channel/${storageName(storage)}/${id}`,
      shown,
      () => void untracked(resume).catch(() => undefined),
      tabLocks(),
    )
  let loading: PromiseLike<void> | undefined =
    record && neighbour && keepStored(record, channel, shown, hearing, neighbour, () => void stop())
  void loading?.then(() => (loading = undefined))
  watchDeparture(channel, shown)

  async function send(outgoing: Outgoing, call: CallOptions): Promise<Outcome> {
    if (loading) await loading
    followUp.said()
    record?.keep()
    const { messageId } = outgoing
    const edited = messageId === undefined ? undefined : questionNode(shown.now.tree, messageId)
    if (whenBusy === 'replace' && channel.isLive) await stop()
    const message = asking.prepare(outgoing, call)
    if (whenBusy === 'queue' && !edited && (channel.isLive || shown.now.queue.length > 0)) {
      shown.set({ stage: released(shown.now.stage) })
      const answered = waiting.add(message)
      followUp.sendNext()
      return answered
    }
    writer.refuseWhileBusy()
    return followUp.after(await asking.say(message, call, { edited }), call)
  }

  async function regenerate(messageId: string | undefined, call: CallOptions): Promise<Outcome> {
    if (loading) await loading
    followUp.said()
    record?.keep()
    writer.refuseWhileBusy()
    return followUp.after(await asking.askAgain(messageId, call), call)
  }

  async function resume(): Promise<Outcome | undefined> {
    if (loading) await loading
    const answering = answeringOf(shown.now)
    if (answering && channel.isLive) return answering.run
    const call = shown.last?.request ?? {}
    const outcome = await readingOn.resume()
    return outcome && followUp.after(outcome, call)
  }

  async function retry(): Promise<Outcome> {
    const call = shown.last?.request ?? {}
    record?.keep()
    return followUp.after(await readingOn.retry(), call)
  }

  async function stop(): Promise<void> {
    const { stage } = shown.now
    if (held(stage) !== stage) shown.set({ stage: held(stage) })
    channel.stop()
    await answeringOf({ stage })?.run.then(
      () => undefined,
      () => undefined,
    )
  }

  return {
    id,
    messages: shown.messages,
    queue: shown.queue,
    isAnswering: shown.isAnswering,
    dismissed,
    storageError,
    listen(listeners) {
      const { info } = shown.now
      if (info.isUnread) shown.set({ info: { ...info, isUnread: false } })
      return hearing.listen(listeners)
    },
    send: async (outgoing, call) => untracked(() => send(outgoing, call)),
    regenerate: async (messageId, call) => untracked(() => regenerate(messageId, call)),
    resume: async () => untracked(resume),
    retry: async () => untracked(retry),
    stop: async () => untracked(stop),
    async answer(given, call) {
      const answered = untracked(() => answerTools(shown, channel, given))
      if (answered === 'nothing') return
      record?.keep()
      followUp.said()
      if (answered === 'complete') await followUp.afterToolAnswer(given, call)
    },
    replace: untrackedly((messages: readonly ChatMessage[]) => {
      record?.keep()
      shown.set({ stage: resting, tree: treeOf(messages, shown.now.tree) })
      channel.clear()
    }),
    branches(messageId) {
      // Whoever shows them renders again with the messages.
      void shown.messages.value
      const { tree } = shown.now
      const node = messageNode(tree, messageId)
      const siblings = siblingsOf(tree, node.key)
      return { ids: siblings.map(({ message }) => message.id), index: siblings.indexOf(node) }
    },
    switchBranch: untrackedly((messageId: string) => {
      writer.refuseWhileBusy()
      const { tree } = shown.now
      shown.set({ tree: shownAt(tree, messageNode(tree, messageId).key) })
    }),
    setQueue: waiting.set,
  }
}
