import { ChannelError, toChannelError } from '../../core/channel-error.js'
import type { DeviceStorage } from '../../platform/device-storage.js'
import { platformLifecycle } from '../../platform/platform-lifecycle.js'
import type { MessageNode } from '../message-tree.js'
import { createChangeSender } from './change-sender.js'
import type { ChatStorage, ConversationChange, ConversationInfo, StoredConversation } from './chat-storage.js'
import { askConversations } from './http-requests.js'
import type { HttpStorageOptions } from './http-storage.js'
import { createLocalCopy } from './local-copy.js'
import { nameStorage } from './storage-name.js'
import { createUnsentChanges, type Unsent } from './unsent-changes.js'
import { withUnsent } from './with-unsent.js'

type Served = StoredConversation & { readonly rev: number }

interface Page {
  readonly conversations: readonly ConversationInfo[]
  readonly next?: string
}

const PAGE = '200'

/** Every change asks for the list: it is fetched anew so often at the most, in milliseconds. */
const LIST_MS = 5_000

/** What `httpStorage` is, on a device. */
export function servedStorage(
  device: DeviceStorage,
  {
    url,
    headers = {},
    withCredentials = false,
    user,
    prefix: all = `uni-sse-channel@${url}:`,
  }: HttpStorageOptions,
): ChatStorage {
  // Not yet signed in is nobody, and not whoever was here before.
  if (user !== undefined && (typeof user !== 'string' || user === ''))
    throw new ChannelError('BAD_OPTIONS', 'user is the id of who is signed in. Make the storage after that.')
  const prefix = user === undefined ? all : `${all}${encodeURIComponent(user)}:`
  const place = { url, headers, withCredentials }
  const copy = createLocalCopy(device, prefix)
  const unsent = createUnsentChanges(device, `${prefix}/http/unsent`)
  /** Messages that are not sent: a device without room has no copy of them. */
  const pending = new Map<string, Map<string, MessageNode>>()
  const refused = new Map<string, ChannelError>()
  const looking = new Map<string, Promise<StoredConversation | undefined>>()
  /** Changed here since the list was fetched. */
  const touched = new Set<string>()
  let listedAt = -Infinity

  const sender = createChangeSender({
    unsent,
    send,
    catchUp: look,
    gone(id) {
      forget(id)
      copy.tell(id)
    },
    refused: (id, error) => void refused.set(id, error),
  })

  const addressOf = (id: string) => `/${encodeURIComponent(id)}`

  function forget(id: string) {
    looking.delete(id)
    copy.forget(id)
    unsent.forget(id)
    pending.delete(id)
  }

  /** Asks the server; the copy becomes what it has, with what it does not have yet. */
  function look(id: string): Promise<StoredConversation | undefined> {
    const running = looking.get(id)
    if (running) return running
    const asked: Promise<StoredConversation | undefined> = askConversations(place, addressOf(id)).then(
      (answer) =>
        // Removed here while the answer was on its way.
        looking.get(id) === done && !unsent.get(id)?.isGone ? take(id, answer as Served) : undefined,
    )
    const done: typeof asked = asked.finally(() => {
      if (looking.get(id) === done) looking.delete(id)
    })
    looking.set(id, done)
    return done
  }

  function take(id: string, { rev, ...served }: Served): StoredConversation {
    const here = copy.load(id)
    const next = withUnsent(served, here, unsent.get(id))
    copy.setRev(id, rev)
    if (copy.become(id, next, here) && here) copy.tell(id)
    return next
  }

  async function lookAgain(id: string) {
    try {
      await look(id)
    } catch (thrown) {
      const error = toChannelError(thrown, 'STORAGE_FAILED')
      if (error.code === 'CONVERSATION_NOT_FOUND') {
        // Removed on another device, unless it was never there.
        if (unsent.get(id) || copy.rev(id) === undefined) return
        forget(id)
        copy.tell(id)
      } else if (!error.retryable) refused.set(id, error)
    }
  }

  async function send(id: string, what: Unsent): Promise<void> {
    if (what.isGone) {
      await askConversations(place, `${addressOf(id)}/delete`, { body: {} })
      return unsent.sent(id, what)
    }
    const here = copy.load(id)
    const known = new Map((here?.nodes ?? []).map((node) => [node.key, node]))
    for (const [key, node] of pending.get(id) ?? []) known.set(key, node)
    const nodes = what.nodes.flatMap(([key]) => known.get(key) ?? [])
    const frame = what.frame > 0 && here && { leaf: here.leaf, queue: here.queue, info: here.info }
    const change = { nodes, removed: what.removed.map(([key]) => key), ...(frame && { frame }) }
    const body = { rev: copy.rev(id), ...change }
    const answer = (await askConversations(place, addressOf(id), { body })) as { readonly rev: number }
    if (!unsent.get(id)?.isGone) copy.setRev(id, answer.rev)
    unsent.sent(id, what)
    if (!unsent.get(id)) pending.delete(id)
  }

  function save(id: string, change: ConversationChange) {
    let full: unknown
    try {
      if (!copy.save(id, change)) {
        pending.delete(id)
        return copy.tell(id)
      }
    } catch (thrown) {
      full = thrown
    }
    // A piece of an answer is on the device; the server has it from the run itself.
    if (change.nodes.length > 0 || change.removed.length > 0 || change.frame) {
      const nodes = pending.get(id) ?? new Map<string, MessageNode>()
      for (const node of change.nodes) nodes.set(node.key, node)
      pending.set(id, nodes)
      touched.add(id)
      unsent.add(id, change)
      sender.send()
      copy.tell(id, change.writer)
    }
    const error = refused.get(id) ?? full
    refused.delete(id)
    if (error) throw error
  }

  async function fetchList(): Promise<void> {
    const all: ConversationInfo[] = []
    for (let after: string | undefined = ''; after !== undefined;) {
      const query = { limit: PAGE, ...(after && { after }) }
      const page = (await askConversations(place, '', { query })) as Page
      all.push(...page.conversations)
      after = page.next
    }
    listedAt = Date.now()
    touched.clear()
    copy.setListed(all)
  }

  async function list(): Promise<readonly ConversationInfo[]> {
    sender.send()
    if (Date.now() - listedAt > LIST_MS)
      await fetchList().catch((thrown: unknown) => {
        const error = toChannelError(thrown, 'STORAGE_FAILED')
        if (!error.retryable) throw error
      })
    const found = new Map(copy.listed().map((info) => [info.id, info]))
    for (const info of copy.list())
      if (touched.has(info.id) || unsent.get(info.id) || !Number.isFinite(listedAt)) found.set(info.id, info)
    for (const id of unsent.ids()) if (unsent.get(id)?.isGone) found.delete(id)
    return [...found.values()]
  }

  const storage: ChatStorage = {
    load(id) {
      sender.send()
      const here = copy.load(id)
      if (here && !copy.isTelling) void lookAgain(id)
      if (here || unsent.get(id)?.isGone) return here
      return look(id).catch((thrown: unknown) => {
        if (thrown instanceof ChannelError && thrown.code === 'CONVERSATION_NOT_FOUND') return undefined
        throw thrown
      })
    },
    save,
    list,
    remove(id) {
      forget(id)
      unsent.remove(id)
      copy.setListed(copy.listed().filter((info) => info.id !== id))
      sender.send()
      copy.tell(id)
    },
    subscribe(listener) {
      const undo = copy.subscribe(listener)
      const undoLifecycle = platformLifecycle().subscribe((change) => {
        if (change === 'online' || change === 'foreground') sender.sendAgain()
      })
      return () => {
        undo()
        undoLifecycle()
      }
    },
  }
  return nameStorage(storage, prefix)
}
