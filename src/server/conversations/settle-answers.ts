import { toChannelError, ChannelError } from '../../core/channel-error.js'
import { parseCursor } from '../../core/cursor.js'
import { ownerOf } from '../access/owner-of.js'
import { isChatId } from '../channel-id.js'
import type { ChannelInfo, EndedStatus, Outcome } from '../log/event-log.js'
import type { Hub } from '../hub/hub.js'
import type { ConversationMessage } from './conversation-message.js'
import type {
  ConversationName,
  ConversationNode,
  ConversationRecord,
  ConversationStore,
} from './conversation-store.js'
import { foldRun, type FoldedRun } from './fold-run.js'
import { withPlace } from './head.js'
import { updateRecord } from './update-record.js'

/** Folds runs into the messages they write. */
export interface AnswerSettler {
  /** Reads a run of this process while it goes on, and writes the message when it has ended. Never throws. */
  follow(name: ConversationName, node: ConversationNode, ended: Promise<EndedStatus>): void
  /** The same of a run that this process goes on with in the place of another one. */
  adopt(channelId: string): void
  /** Writes the messages of all runs that have ended without it: their nodes died. False: nothing has changed. */
  settle(name: ConversationName, record: ConversationRecord): Promise<boolean>
  /** Stops the runs that still write into it. */
  stop(name: ConversationName, record: ConversationRecord): Promise<void>
  /** Resolves when all that is followed is written. */
  idle(): Promise<void>
}

/** A long answer is stored on the way so often, in milliseconds: should its log be gone when it is found, that is left. */
const CHECKPOINT_MS = 15_000

/** A run that nobody knows may be about to begin for so long, in milliseconds. */
const UNBEGUN_MS = 60_000

export function createAnswerSettler(hub: Hub, store: ConversationStore): AnswerSettler {
  const following = new Map<string, Promise<void>>()

  /** Writes the message of an answer, unless its conversation is gone, or another run goes on with it. */
  function write(
    name: ConversationName,
    channelId: string,
    message: (node: ConversationNode) => ConversationMessage,
    state: 'open' | 'settled',
    keys?: readonly string[],
  ): Promise<void> {
    const plan = (record: ConversationRecord | undefined) => {
      const place = record?.head.runs.find((run) => run.channelId === channelId)
      const node = record?.nodes.find(({ key }) => key === place?.key)
      if (!record || node?.run?.channelId !== channelId || node.run.state !== 'open')
        return { write: undefined, result: undefined }
      const { run, request, origin, ...rest } = node
      const told = message(node)
      const isOver = state === 'settled'
      // What failed may be asked for again, with what went with it.
      const own = isOver && told.status !== 'error' ? {} : { request, origin }
      const { origin: _origin, answers: _answers, ...kept } = run
      const next = { ...rest, ...own, message: told, run: isOver ? { ...kept, state } : run }
      const info = { ...record.head.info, ...(isOver && { updatedAt: Date.now() }) }
      const head = withPlace({ ...record.head, info }, next.key, next.run)
      return { write: { head, put: [next], removed: [] }, result: undefined }
    }
    return updateRecord(store, name, plan, keys)
  }

  async function read(name: ConversationName, channelId: string, folded: FoldedRun): Promise<void> {
    let at = Date.now()
    for await (const event of hub.read(channelId)) {
      folded.add(event)
      if (Date.now() - at < CHECKPOINT_MS) continue
      await write(name, channelId, (node) => folded.message(node, 'streaming'), 'open')
      at = Date.now()
    }
  }

  /** @param ended default: as the channel says once it is read */
  async function finish(name: ConversationName, node: ConversationNode, ended?: Promise<EndedStatus>) {
    const channelId = node.run?.channelId ?? ''
    try {
      let folded = foldRun(node.run)
      const isWhole = await read(name, channelId, folded).then(
        () => true,
        () => false,
      )
      const status = await (ended ?? statusOf(channelId))
      if (status === 'active') return
      if (!isWhole) {
        // The store or the log was away for a moment; or the log has nothing of it any more.
        const again = foldRun(node.run)
        await read(name, channelId, again).catch(() => undefined)
        if (again.size > folded.size) folded = again
      }
      const outcome = status === 'expired' ? 'error' : status
      await write(name, channelId, (now) => messageOf(now, folded, outcome), 'settled')
    } catch (thrown) {
      // It is still open: whoever loads it next finds it.
      hub.report(toChannelError(thrown, 'SERVER_ERROR'), channelId)
    } finally {
      following.delete(channelId)
    }
  }

  const statusOf = async (channelId: string) => (await hub.getInfo(channelId)).status

  function follow(name: ConversationName, node: ConversationNode, ended?: Promise<EndedStatus>) {
    const channelId = node.run?.channelId ?? ''
    if (!following.has(channelId)) following.set(channelId, finish(name, node, ended))
  }

  /** Whoever began the run has written in its metadata where its answer belongs. */
  async function adopt(channelId: string) {
    const { userId, chatId } = (await hub.getInfo(channelId)).metadata
    const owner = ownerOf(userId)
    if (typeof owner !== 'string' || !isChatId(chatId)) return
    const name = { userId: owner, chatId }
    const record = await store.load(name)
    const node = record?.nodes.find(({ run }) => run?.channelId === channelId && run.state === 'open')
    if (node) follow(name, node)
  }

  /** The channel of a run, if it is this user's: an id that somebody else has is none of theirs. */
  async function channelOf(
    { userId }: ConversationName,
    channelId: string,
  ): Promise<ChannelInfo | undefined> {
    try {
      const channel = await hub.getInfo(channelId)
      return ownerOf(channel.metadata.userId) === userId ? channel : undefined
    } catch (error) {
      if (error instanceof ChannelError && error.code === 'CHANNEL_NOT_FOUND') return undefined
      throw error
    }
  }

  async function settleOne(name: ConversationName, node: ConversationNode): Promise<boolean> {
    const { channelId, since } = node.run ?? { channelId: '', since: 0 }
    const channel = await channelOf(name, channelId)
    if (channel?.status === 'active') return false
    const own = following.get(channelId)
    if (own) {
      await own
      return true
    }
    if (!channel && Date.now() - since < UNBEGUN_MS) return false
    const keepsAll = channel && channel.status !== 'expired' && isWhole(channel)
    const folded = foldRun(node.run)
    if (keepsAll) await read(name, channelId, folded)
    const status = channel ? outcomeOf(channel) : 'error'
    await write(name, channelId, (now) => messageOf(now, folded, status), 'settled')
    // Written here, or by another node meanwhile.
    return true
  }

  return {
    follow,
    adopt: (channelId) =>
      void adopt(channelId).catch((thrown: unknown) =>
        hub.report(toChannelError(thrown, 'SERVER_ERROR'), channelId),
      ),

    async settle(name, { head, nodes }) {
      const open = head.runs.filter(({ state }) => state === 'open').map(({ key }) => key)
      if (open.length === 0) return false
      const waiting = nodes.filter(({ key, run }) => open.includes(key) && run?.state === 'open')
      const settled = await Promise.all(waiting.map((node) => settleOne(name, node)))
      return settled.includes(true)
    },

    async stop(name, { head }) {
      for (const { channelId, state } of head.runs)
        if (state === 'open' && (await channelOf(name, channelId)))
          await hub.stop(channelId).catch(() => undefined)
    },

    idle: async () => void (await Promise.all(following.values())),
  }
}

/** Of what is no longer kept, that is left which was stored on the way. */
const messageOf = (node: ConversationNode, folded: FoldedRun, status: Outcome): ConversationMessage =>
  folded.size > 0 ? folded.message(node, status) : { ...node.message, status }

const outcomeOf = ({ status }: ChannelInfo): Outcome =>
  status === 'active' || status === 'expired' ? 'error' : status

const isWhole = ({ earliest }: ChannelInfo) => earliest === null || parseCursor(earliest)?.seq === 0
