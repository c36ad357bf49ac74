import { ChannelError } from '../../core/channel-error.js'
import { ownField } from '../../core/own-field.js'
import type {
  ConversationHead,
  ConversationName,
  ConversationNode,
  ConversationRecord,
  ConversationWrite,
} from './conversation-store.js'
import { newHead, withAlias } from './head.js'
import { nodesByKey } from './node-path.js'
import type { ChangedFrame, ConversationChange } from './read-change.js'
import { answersIn, withToolAnswers } from './tool-answers.js'

/** A conversation that is being changed. */
interface Draft {
  head: ConversationHead
  readonly nodes: Map<string, ConversationNode>
  readonly put: Map<string, ConversationNode>
  readonly removed: Set<string>
}

/**
 * What is written when a client changes its copy. Who is behind takes nothing back: an answer that a run of this server
 * writes is the server's, whatever a client has of it; a complete message is not made incomplete; the path that is shown and
 * the queue are changed only by who has seen what they were.
 * @throws {ChannelError} CONVERSATION_CHANGED; CONVERSATION_NOT_FOUND: it was loaded, and removed since
 */
export function planChange(
  name: ConversationName,
  record: ConversationRecord | undefined,
  { rev, nodes, removed, frame }: ConversationChange,
  now: number,
): ConversationWrite {
  if (!record && (rev !== undefined || nodes.length === 0)) throw new ChannelError('CONVERSATION_NOT_FOUND')
  const former = record?.head ?? newHead(name.chatId, now)
  const draft: Draft = {
    head: former,
    nodes: new Map(nodesByKey(record?.nodes ?? [])),
    put: new Map(),
    removed: new Set(),
  }
  for (const key of removed) remove(draft, aliasOf(draft, key))
  for (const node of nodes) take(draft, node)
  if (frame) takeFrame(draft, frame, record && rev)
  const isSaid = draft.put.size > 0 || draft.head.leaf !== former.leaf
  const info = { ...draft.head.info, ...(isSaid && { updatedAt: now }) }
  return {
    ifRev: record?.rev ?? 0,
    head: { ...draft.head, info },
    put: [...draft.put.values()],
    removed: [...draft.removed].filter((key) => !draft.put.has(key)),
  }
}

const aliasOf = ({ head: { aliases } }: Draft, key: string) => ownField(aliases, key) ?? key

function put(draft: Draft, node: ConversationNode) {
  draft.nodes.set(node.key, node)
  draft.put.set(node.key, node)
}

function remove(draft: Draft, key: string) {
  draft.nodes.delete(key)
  draft.put.delete(key)
  draft.removed.add(key)
}

function take(draft: Draft, given: ConversationNode) {
  const { message, parent } = given
  const wanted = aliasOf(draft, given.key)
  const place = draft.head.runs.find(({ channelId }) => channelId === message.channelId)
  const base = draft.nodes.get(place?.key ?? wanted) ?? draft.nodes.get(wanted)
  let key = wanted
  if (place && base && place.key !== wanted && message.role === 'assistant') {
    // The server had to name it itself: the client's name takes the place of that. Of two clients' the first one stays.
    if (place.key === place.channelId) rename(draft, place.key, wanted)
    else {
      draft.head = withAlias(draft.head, wanted, place.key)
      key = place.key
    }
  }
  const { parent: _parent, ...rest } = given
  put(draft, {
    ...rest,
    key,
    ...(parent !== undefined && { parent: aliasOf(draft, parent) }),
    ...(base?.turn !== undefined && { turn: Math.max(base.turn, given.turn ?? 0) }),
    ...(base && { message: laterOf(base, given) }),
    ...(base?.run && { run: runOf(base.run, given) }),
  })
}

function rename(draft: Draft, from: string, to: string) {
  remove(draft, from)
  for (const node of draft.nodes.values()) if (node.parent === from) put(draft, { ...node, parent: to })
  const { head } = draft
  draft.head = withAlias({ ...head, leaf: head.leaf === from ? to : head.leaf }, from, to)
}

/** What the client says while the run goes on is kept until the answer is there. */
function runOf(run: NonNullable<ConversationNode['run']>, { message }: ConversationNode) {
  const answers = run.state === 'open' ? answersIn(message.parts) : []
  return answers.length > 0 ? { ...run, answers } : run
}

function laterOf(base: ConversationNode, { message, turn = 0 }: ConversationNode) {
  const kept = base.message
  if (base.run) return { ...kept, parts: withToolAnswers(kept.parts, message.parts) }
  const turns = turn - (base.turn ?? 0)
  if (turns !== 0) return turns > 0 ? message : kept
  const isComplete = kept.status === 'done' || kept.status === undefined
  return isComplete && message.status !== undefined && message.status !== 'done' ? kept : message
}

function takeFrame(draft: Draft, { leaf, queue, info }: ChangedFrame, rev: number | undefined) {
  const { head, nodes } = draft
  const wanted = leaf === undefined ? undefined : aliasOf(draft, leaf)
  // Whoever says what stands already is not behind, however old what it has seen is.
  const isOther = wanted !== head.leaf || JSON.stringify(queue) !== JSON.stringify(head.queue)
  if (isOther && rev !== undefined && rev !== head.frame) throw new ChannelError('CONVERSATION_CHANGED')
  const shown = wanted === undefined || nodes.has(wanted) ? wanted : head.leaf
  draft.head = {
    ...head,
    info: { ...head.info, ...info },
    leaf: shown,
    queue,
    frame: isOther ? head.frame + 1 : head.frame,
  }
}
