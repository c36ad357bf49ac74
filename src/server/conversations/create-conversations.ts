import { ChannelError } from '../../core/channel-error.js'
import type { Hub } from '../hub/hub.js'
import { within } from '../within.js'
import { createLimits } from './conversation-limits.js'
import type { BegunAnswer, Conversations, ConversationsOptions, HistoryMessage } from './conversations.js'
import type { ConversationName, ConversationNode, ConversationRecord } from './conversation-store.js'
import { knowsParent, planAnswer, type AnswerPlan } from './plan-answer.js'
import { planChange } from './plan-change.js'
import { readAskedAnswer } from './read-start.js'
import { createAnswerSettler } from './settle-answers.js'
import { updateRecord } from './update-record.js'

const DEFAULT_PAGE = 50
const MAX_PAGE = 200

/** What a client says and what it saves go different ways: the message before the new one may still be coming. */
const PARENT_TRIES = 8
const PARENT_PAUSE_MS = 250

/** How long a process that goes waits for answers that are being stored, in milliseconds. */
const CLOSE_MS = 5_000

/**
 * Conversations beside a hub: give them to its handlers. Then a start may hold only the new message, its producer gets the
 * whole history, and what it answers is stored, whoever listened.
 * @throws {ChannelError} BAD_OPTIONS: limits that are none
 * @see docs/server.md#conversations
 */
export function createConversations(
  hub: Hub,
  { store, compact = ({ messages }) => messages, limits: most }: ConversationsOptions,
): Conversations {
  const answers = createAnswerSettler(hub, store)
  const limits = createLimits(most)
  const unobserve = hub.observe((signal) => signal.kind === 'takeover' && answers.adopt(signal.channelId))

  /** With what has ended in the meantime. */
  async function loadSettled(name: ConversationName): Promise<ConversationRecord | undefined> {
    const record = await store.load(name)
    return record && (await answers.settle(name, record)) ? store.load(name) : record
  }

  async function begin(name: ConversationName, channelId: string, body: unknown): Promise<BegunAnswer> {
    const asked = readAskedAnswer(body, channelId)
    // A history with an answer in it that is not folded yet would be one with a hole.
    let before = await loadSettled(name)
    for (let tries = 0; tries < PARENT_TRIES && !knowsParent(before, asked); tries++) {
      await new Promise((resolve) => setTimeout(resolve, PARENT_PAUSE_MS))
      before = await loadSettled(name)
    }
    const plan = await updateRecord(store, name, (record) => {
      const result = planAnswer(name, record, asked, channelId, Date.now())
      const { head, put } = result
      const write = result.kind === 'new' ? limits.hold(record, { head, put, removed: [] }) : undefined
      return { write, result }
    })
    const undo = () => (plan.kind === 'new' ? takeBack(name, before, plan) : Promise.resolve())
    const { answer, history } = plan
    try {
      const all = history.map(forProducer).filter(({ role, parts }) => role !== 'system' && parts.length > 0)
      return {
        kind: plan.kind,
        messages: await compact({ ...name, messages: all }),
        messageId: answer.message.id,
        follow: (ended) => answers.follow(name, answer, ended),
        undo,
      }
    } catch (error) {
      await undo()
      throw error
    }
  }

  async function takeBack(name: ConversationName, before: ConversationRecord | undefined, plan: AnswerPlan) {
    const former = new Map(before?.nodes.map((node) => [node.key, node]))
    await updateRecord(store, name, (record) => {
      const isThere = record?.nodes.some(({ run }) => run?.channelId === plan.answer.run?.channelId)
      if (!record || !isThere) return { write: undefined, result: undefined }
      const keys = plan.put.map(({ key }) => key)
      const { head } = record
      const write = {
        head: {
          ...head,
          leaf: head.leaf === plan.answer.key ? before?.head.leaf : head.leaf,
          runs: head.runs.filter(({ channelId }) => channelId !== plan.answer.run?.channelId),
        },
        put: keys.flatMap((key) => former.get(key) ?? []),
        removed: keys.filter((key) => !former.has(key)),
      }
      return { write, result: undefined }
    })
    if (!before && (await store.load(name))?.nodes.length === 0) await store.remove(name)
  }

  return {
    list: (userId, { limit = DEFAULT_PAGE, after } = {}) =>
      store.list(userId, { limit: Math.min(Math.max(limit, 1), MAX_PAGE), after }),

    async load(name) {
      const record = await loadSettled(name)
      if (!record) return undefined
      const { info, leaf, queue, frame } = record.head
      return { info, nodes: record.nodes.map(forClient), leaf, queue, rev: frame }
    },

    change: (name, change) =>
      updateRecord(store, name, (record) => {
        const write = limits.hold(record, planChange(name, record, change, Date.now()))
        return { write, result: write.head.frame }
      }),

    describe: (name, info) =>
      updateRecord(
        store,
        name,
        (record) => {
          if (!record) throw new ChannelError('CONVERSATION_NOT_FOUND')
          const head = { ...record.head, info: { ...record.head.info, ...info } }
          return { write: { head, put: [], removed: [] }, result: head.info }
        },
        [],
      ),

    async remove(name) {
      const record = await store.load(name, [])
      const isThere = await store.remove(name)
      if (record) await answers.stop(name, record)
      return isThere
    },

    begin: ({ userId, chatId, channelId, body }) => begin({ userId, chatId }, channelId, body),

    async close() {
      unobserve()
      await within(CLOSE_MS, undefined, answers.idle())
      await store.close()
    },
  }
}

const forProducer = ({ message: { id, role, parts, metadata } }: ConversationNode): HistoryMessage => ({
  id,
  role,
  parts,
  ...(metadata !== undefined && { metadata }),
})

function forClient({ run, ...node }: ConversationNode): Omit<ConversationNode, 'run'> {
  if (run?.state !== 'open' || node.message.status !== 'submitted') return node
  return { ...node, message: { ...node.message, status: 'streaming' } }
}
