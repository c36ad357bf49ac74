import { effectScope, shallowRef, watch, type ShallowRef } from 'vue'
import { ChannelError } from '../core/channel-error.js'
import type { Outcome } from '../core/state.js'
import { platformLifecycle } from '../platform/platform-lifecycle.js'
import { onLetGo } from '../run/let-go.js'
import type { Channel, ChannelStatus } from '../run/channel.js'
import { untracked } from '../run/untracked.js'
import { createChannelId } from '../transports/channel-id.js'
import type { AnyListeners } from './chat-listeners.js'
import { messageText, type ChatMessage } from './chat-message.js'
import { createRecord, type ConversationRecord } from './conversation-record.js'
import { createHearing, type Hearing } from './hearing.js'
import { liveMessage } from './live-message.js'
import { mergeTrees } from './merge-trees.js'
import type { QueuedMessage, RequestExtras } from './message-queue.js'
import {
  pathOf,
  shownAt,
  siblingsOf,
  treeOf,
  uniqueKey,
  withLeaf,
  withNode,
  type MessageNode,
  type MessageTree,
  type PendingRequest,
} from './message-tree.js'
import type { Outgoing } from './outgoing.js'
import type { ChatRequestBody, PrepareRequest } from './request-body.js'
import { requestBody } from './request-body.js'
import type { ChatStorage, ConversationInfo, StoredConversation } from './storage/chat-storage.js'
import { withAnswers, type ToolAnswer } from './tool-answer.js'

type Readable<T> = Readonly<ShallowRef<T>>

/** What happens to a message that is sent while an answer is being written. */
export type WhenBusy = 'refuse' | 'queue' | 'replace'

/** What goes with one request. */
export interface CallOptions extends RequestExtras {
  /** Over those of the channel; not stored. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface ConversationSettings {
  readonly id: string
  readonly messages: readonly ChatMessage[]
  readonly storage: ChatStorage | undefined
  readonly generateId: () => string
  readonly prepareRequest: PrepareRequest | undefined
  readonly whenBusy: WhenBusy
  /** Takes the headers of the next request. */
  readonly setHeaders: (headers: Readonly<Record<string, string>>) => void
}

/** The answer being written. */
interface Answering {
  readonly key: string
  readonly former: MessageTree
  readonly answers: ShallowRef<readonly ToolAnswer[]>
  run: Promise<Outcome>
}

/** The siblings of a message, and which of them it is. */
export interface Branches {
  readonly ids: readonly string[]
  readonly index: number
}

/** A channel's answers one after the other, and the questions before them. As long-lived as its channel. */
export interface Conversation {
  readonly id: string
  /** Changes when a message comes or is complete, not with each piece of the one being written. */
  readonly messages: Readable<readonly ChatMessage[]>
  readonly queue: Readable<readonly QueuedMessage[]>
  /** The failure that was taken as read. */
  readonly dismissed: ShallowRef<ChannelError | undefined>
  /** Of the storage. */
  readonly storageError: ShallowRef<ChannelError | undefined>
  /** Set until the answer is complete in `messages`. */
  readonly answering: Readable<Answering | undefined>
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
  setQueue(change: (queue: readonly QueuedMessage[]) => readonly QueuedMessage[]): void
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
  const { id, generateId, whenBusy } = settings
  let tree: MessageTree = treeOf(settings.messages)
  let info: Partial<ConversationInfo> = {}
  const messages = shallowRef<readonly ChatMessage[]>(settings.messages)
  const queue = shallowRef<readonly QueuedMessage[]>([])
  const answering = shallowRef<Answering>()
  /** The same, plain: a watcher of one ref may look and act before the next has changed. */
  let live: Answering | undefined
  const dismissed = shallowRef<ChannelError>()
  const storageError = shallowRef<ChannelError>()
  const hearing: Hearing = createHearing(channel, () => messages.value)
  /** A stop or an error pauses the queue until something is sent again. */
  let isPaused = false
  let loading: PromiseLike<void> | undefined
  /** Waiting for the answers of queued messages, by their ids. */
  const waiting = new Map<string, (outcome: Outcome | PromiseLike<Outcome>) => void>()

  const record: ConversationRecord | undefined =
    settings.storage &&
    createRecord(
      settings.storage,
      id,
      () => ({ tree, queue: queue.value, info, answering: live?.key }),
      (error) => {
        storageError.value = error
        hearing.failed(error)
      },
    )

  /** Shows the tree, and stores it. */
  function show(next: MessageTree) {
    tree = next
    const path = pathOf(tree).map(({ message }) => message)
    const before = messages.value
    const isSame = path.length === before.length && path.every((message, index) => message === before[index])
    if (!isSame) messages.value = path
    if (answering.value !== live) answering.value = live
    record?.save()
  }

  function refuseWhileLive() {
    // Ended in this same turn, as by stop(): what waits for its promise need not be waited for.
    if (live && !channel.isLive) complete(live, endOf(channel.status.value))
    if (live || channel.isLive) throw new ChannelError('RUN_ACTIVE')
  }

  function complete(now: Answering, outcome: Outcome) {
    // Replaced meanwhile, this answer belongs to no conversation any more.
    if (live !== now) return
    live = undefined
    const node = tree.nodes.get(now.key)
    if (!node) return show(tree)
    const message = { ...node.message }
    const { origin, request, ...rest } = node
    // What did not come to its end may be read on, or asked again.
    const kept = outcome === 'error' ? { ...(origin && { origin }), ...(request && { request }) } : {}
    if (!hearing.isHeard && record) info = { ...info, isUnread: true }
    isPaused = outcome !== 'done'
    show(withNode(tree, { ...rest, ...kept, message }))
    hearing.finished(message, outcome)
  }

  const isBusy = () => live !== undefined || channel.isLive

  /** What may follow an answer by itself: another step of it, or the next message that waits. */
  async function goOn(outcome: Outcome, call: CallOptions): Promise<Outcome> {
    if (outcome !== 'done' || isBusy()) return outcome
    const last = lastNode()
    if (last?.message.finishReason !== 'interrupted' && (await hearing.wantsMore())) {
      if (!isPaused && !isBusy() && lastNode()?.key === last?.key) return step(call)
    }
    sendNext()
    return outcome
  }

  /** Shows the answer of the run that `begin` begins, as this node. */
  async function run(
    former: MessageTree,
    node: MessageNode,
    begin: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const answers = shallowRef<readonly ToolAnswer[]>([])
    const running = begin()
    const now: Answering = { key: node.key, former: tree, answers, run: running }
    live = now
    const { request } = node
    // Without a network it is dialled all the same, since platforms guess; but it is not taken for sent.
    const isUnsent = !platformLifecycle().isOnline() && channel.connection.value !== 'open'
    const asked = request && { ...request, ...(isUnsent ? { isUnsent } : { isUnsent: undefined }) }
    show(
      withLeaf(former, {
        ...node,
        ...(asked && { request: asked }),
        message: liveMessage(channel, node.message, answers),
      }),
    )
    try {
      const outcome = await running
      complete(now, outcome)
      return outcome
    } catch (refused) {
      // Nothing was sent: the conversation is as it was.
      if (live === now) {
        live = undefined
        show(now.former)
      }
      throw refused
    }
  }

  function ask(node: MessageNode, former: MessageTree, call: CallOptions, channelId = createChannelId()) {
    const { request, origin } = node
    if (!request) throw new ChannelError('NOTHING_TO_RESUME')
    const until = origin ? node.key : node.parent
    const body: ChatRequestBody = {
      id,
      messages: pathOf(former, until).map(({ key, message }) =>
        key === node.key && origin ? { ...message, ...origin, id: message.id } : message,
      ),
      trigger: request.trigger,
      messageId: request.messageId,
    }
    const { input, headers } = requestBody(body, request, call.headers, settings.prepareRequest)
    settings.setHeaders(headers)
    return run(former, node, () => channel.start(input, { channelId, origin }))
  }

  const lastNode = (): MessageNode | undefined =>
    tree.leaf === undefined ? undefined : tree.nodes.get(tree.leaf)

  function answerNode(
    parent: string | undefined,
    request: PendingRequest,
    answerId = generateId(),
  ): MessageNode {
    const message: ChatMessage = { id: answerId, role: 'assistant', parts: [] }
    return { key: uniqueKey(answerId, tree.nodes), parent, message, request }
  }

  function say(queued: QueuedMessage, call: CallOptions, edited?: MessageNode): Promise<Outcome> {
    const { id: questionId, role, parts, metadata, answerId, channelId } = queued
    const message: ChatMessage = { id: questionId, role, parts, ...(metadata !== undefined && { metadata }) }
    const key = uniqueKey(questionId, tree.nodes)
    const former = withLeaf(tree, { key, parent: edited ? edited.parent : tree.leaf, message })
    if (!info.title && role === 'user') info = { ...info, title: titleOf(message) }
    const request: PendingRequest = {
      ...extrasOf(call),
      trigger: 'submit-message',
      messageId: edited ? edited.message.id : questionId,
    }
    isPaused = false
    return ask(answerNode(key, request, answerId), former, call, channelId)
  }

  function queuedOf({ parts, metadata, role, id: given }: Outgoing, call: CallOptions): QueuedMessage {
    const ids = { id: given ?? generateId(), answerId: generateId(), channelId: createChannelId() }
    return { ...ids, role, parts, ...(metadata !== undefined && { metadata }), request: extrasOf(call) }
  }

  async function send(outgoing: Outgoing, call: CallOptions): Promise<Outcome> {
    if (loading) await loading
    const edited = outgoing.messageId === undefined ? undefined : questionOf(outgoing.messageId)
    if (whenBusy === 'replace' && channel.isLive) await stop()
    const queued = queuedOf(outgoing, call)
    if (whenBusy === 'queue' && !edited && (channel.isLive || queue.value.length > 0)) {
      const answered = new Promise<Outcome>((resolve) => waiting.set(queued.id, resolve))
      isPaused = false
      setQueue((now) => [...now, queued])
      sendNext()
      return answered
    }
    refuseWhileLive()
    const outcome = await say(queued, call, edited)
    return goOn(outcome, call)
  }

  function sendNext() {
    const [next, ...rest] = queue.value
    if (!next || isPaused || isBusy()) return
    queue.value = rest
    const outcome = say(next, next.request).then((ended) => goOn(ended, next.request))
    const resolve = waiting.get(next.id)
    waiting.delete(next.id)
    if (resolve) resolve(outcome)
    else outcome.catch((refused: unknown) => hearing.failed(refused))
  }

  function questionOf(messageId: string): MessageNode {
    const node = pathOf(tree).find(({ message }) => message.id === messageId)
    if (node && node.message.role !== 'assistant') return node
    throw new ChannelError(
      'BAD_OPTIONS',
      `There is no question ${JSON.stringify(messageId)} to edit. Pass the id of a user's message out of messages.`,
    )
  }

  /** Asks the question anew to which the message with this id is the answer, or the newest. */
  async function regenerate(messageId: string | undefined, call: CallOptions): Promise<Outcome> {
    if (loading) await loading
    refuseWhileLive()
    const path = pathOf(tree)
    const end = endOfQuestion(path, messageId)
    const dropped = path[end]
    const request: PendingRequest = {
      ...extrasOf(call),
      trigger: 'regenerate-message',
      messageId: dropped?.message.id,
    }
    const node = answerNode(path[end - 1]?.key, request)
    // Of what never came no branch is kept.
    const isEmpty = dropped && path.length === end + 1 && dropped.message.parts.length === 0
    isPaused = false
    return goOn(await ask(isEmpty ? { ...node, key: dropped.key } : node, tree, call), call)
  }

  /** Goes on with the newest answer: what the page has said of its tools goes to the server. */
  async function step(call: CallOptions): Promise<Outcome> {
    const last = lastNode()
    if (!last) return 'stopped'
    const { id: messageId, parts, metadata } = last.message
    const request: PendingRequest = { ...extrasOf(call), trigger: 'submit-message', messageId }
    const origin = { id: messageId, parts, metadata }
    return goOn(await ask({ ...last, request, origin }, tree, call), call)
  }

  function read(node: MessageNode, channelId: string | undefined): Promise<Outcome> {
    const target = channelId === undefined ? undefined : { channelId, origin: node.origin }
    return run(tree, node, () => channel.resume(target))
  }

  async function resume(): Promise<Outcome | undefined> {
    if (loading) await loading
    if (live && channel.isLive) return live.run
    const last = lastNode()
    const { status, channelId } = last?.message ?? {}
    const isOpen = status === 'submitted' || status === 'streaming' || status === 'error'
    if (!last || !channelId || !isOpen) return undefined
    refuseWhileLive()
    if (last.request?.isUnsent) return goOn(await ask(last, tree, {}, channelId), {})
    const isHere = channel.channelId.value === channelId && channel.cursor.value !== undefined
    return goOn(await read(last, isHere ? undefined : channelId), {})
  }

  async function retry(): Promise<Outcome> {
    refuseWhileLive()
    const last = lastNode()
    if (last?.message.role !== 'assistant') return regenerate(undefined, {})
    const { status, channelId } = last.message
    // The failure under which retry() stands may be an older one: what is complete is not taken back.
    if (status === 'done' || status === undefined) throw new ChannelError('NOTHING_TO_RESUME')
    isPaused = false
    const isOther = channelId && channelId !== channel.channelId.value
    if (isOther) return goOn(await read(last, channelId), {})
    try {
      return await goOn(await run(tree, last, () => channel.retry()), {})
    } catch (refused) {
      // After a restart of the app the channel knows the answer's id but not what was asked.
      if (!(refused instanceof ChannelError) || refused.code !== 'NOTHING_TO_RESUME') throw refused
      if (!last.request) return regenerate(undefined, {})
      // Should the first request arrive yet, it and this one are one run: they propose the same id.
      const code = channel.error.value?.code
      const isUnheard =
        channel.received.value === 0 && (code === 'CHANNEL_NOT_FOUND' || code === 'CONNECTION_LOST')
      const sameId = isUnheard && last.message.parts.length === 0 ? channelId : undefined
      return goOn(await ask(last, tree, last.request, sameId), last.request)
    }
  }

  async function stop(): Promise<void> {
    isPaused = true
    const running = live?.run
    channel.stop()
    await running?.then(
      () => undefined,
      () => undefined,
    )
  }

  async function answer(given: ToolAnswer, call: CallOptions): Promise<void> {
    const now = live
    if (now) now.answers.value = [...now.answers.value, given]
    const isOf = ({ key, message }: MessageNode) =>
      key !== now?.key && withAnswers(message.parts, [given]) !== message.parts
    const node = [...pathOf(tree)].reverse().find(isOf)
    if (node) {
      const message = { ...node.message, parts: withAnswers(node.message.parts, [given]) }
      show(withNode(tree, { ...node, message }))
    } else if (now) record?.save()
    if (now || channel.isLive || !node) return
    if (await hearing.wantsMore()) {
      if (!isBusy()) void step(call).catch((refused: unknown) => hearing.failed(refused))
    } else sendNext()
  }

  function setQueue(change: (now: readonly QueuedMessage[]) => readonly QueuedMessage[]) {
    const before = queue.value
    queue.value = change(before)
    for (const { id: gone } of before)
      if (!queue.value.some(({ id: still }) => still === gone)) {
        waiting.get(gone)?.('stopped')
        waiting.delete(gone)
      }
    record?.save()
  }

  function nodeOf(messageId: string): MessageNode {
    const known =
      pathOf(tree).find(({ message }) => message.id === messageId) ??
      [...tree.nodes.values()].find(({ message }) => message.id === messageId)
    if (known) return known
    throw new ChannelError('BAD_OPTIONS', `There is no message ${JSON.stringify(messageId)}.`)
  }

  function takeStored(stored: StoredConversation) {
    const { info: told } = stored
    info = { ...told, ...(hearing.isHeard && { isUnread: false }) }
    queue.value = stored.queue
    show(mergeTrees(tree, stored, live?.key))
  }

  if (record) {
    loading = record.load((stored) => {
      loading = undefined
      if (stored) takeStored(stored)
      else if (tree.nodes.size > 0) record.save()
    })
    onLetGo(channel, record.subscribe(takeStored))
    // Who is hidden may be killed.
    onLetGo(
      channel,
      platformLifecycle().subscribe((change) => change === 'background' && record.save()),
    )
    // As long-lived as the conversation, whoever shows it: an answer is stored while no page is there.
    effectScope(true).run(() => {
      watch(channel.answer, () => live && record.saveSoon(), { flush: 'sync' })
      watch([channel.status, channel.channelId], () => live && record.saveSoon(), { flush: 'sync' })
    })
  }
  // Dialled with a network, or answered, a request has left.
  effectScope(true).run(() =>
    watch(
      channel.connection,
      (connection) => {
        const node = live && tree.nodes.get(live.key)
        const hasLeft =
          connection === 'open' || (connection === 'connecting' && platformLifecycle().isOnline())
        if (!hasLeft || !node?.request?.isUnsent) return
        show(withNode(tree, { ...node, request: { ...node.request, isUnsent: undefined } }))
      },
      { flush: 'sync' },
    ),
  )

  return {
    id,
    messages,
    queue,
    answering,
    dismissed,
    storageError,
    listen(listeners) {
      if (info.isUnread) {
        info = { ...info, isUnread: false }
        record?.save()
      }
      return hearing.listen(listeners)
    },
    send: async (outgoing, call) => untracked(() => send(outgoing, call)),
    regenerate: async (messageId, call) => untracked(() => regenerate(messageId, call)),
    resume: async () => untracked(resume),
    retry: async () => untracked(retry),
    stop: async () => untracked(stop),
    answer: async (given, call) => untracked(() => answer(given, call)),
    replace: (next) =>
      untracked(() => {
        live = undefined
        show(treeOf(next, tree))
        channel.clear()
      }),
    branches(messageId) {
      // Whoever shows them renders again with the messages.
      void messages.value
      const node = nodeOf(messageId)
      const siblings = siblingsOf(tree, node.key)
      return { ids: siblings.map(({ message }) => message.id), index: siblings.indexOf(node) }
    },
    switchBranch: (messageId) =>
      untracked(() => {
        refuseWhileLive()
        show(shownAt(tree, nodeOf(messageId).key))
      }),
    setQueue,
  }
}

const endOf = (status: ChannelStatus): Outcome =>
  status === 'done' || status === 'error' ? status : 'stopped'

const extrasOf = ({ body, metadata }: CallOptions): RequestExtras => ({
  ...(body && { body }),
  ...(metadata !== undefined && { metadata }),
})

const titleOf = (message: ChatMessage): string =>
  messageText(message).trim().replace(/\s+/g, ' ').slice(0, 60)

/** The index after the question that the message answers, or that it is; without an id the newest question. */
function endOfQuestion(path: readonly MessageNode[], messageId: string | undefined): number {
  let index = path.length - 1
  if (messageId !== undefined) index = path.findIndex(({ message }) => message.id === messageId)
  while (index >= 0 && path[index]?.message.role !== 'user') index--
  if (index < 0)
    throw new ChannelError(
      'BAD_OPTIONS',
      messageId === undefined
        ? 'regenerate() needs a question: the conversation has none. Call sendMessage(text) first.'
        : `regenerate() found no question for the message ${JSON.stringify(messageId)}. Pass an id out of messages.`,
    )
  return index + 1
}
