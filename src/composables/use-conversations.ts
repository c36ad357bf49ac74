import { tryOnScopeDispose } from '@vueuse/core'
import { shallowRef, toRef, type Ref, type ShallowRef } from 'vue'
import { tellRemoval } from '../chat/removals.js'
import type { ChatStorage, ConversationInfo } from '../chat/storage/chat-storage.js'
import { storageName } from '../chat/storage/storage-name.js'
import { toChannelError, type ChannelError } from '../core/channel-error.js'
import { useChannelStore } from '../stores/channels.js'
import { createChannelId } from '../transports/create-channel-id.js'
import { isServerRendering } from './server-rendering.js'

/** What `useConversations()` takes. */
export interface UseConversationsOptions {
  /** The same as of the `useChat()` that shows them. */
  readonly storage: ChatStorage
  /** How many are shown at first, and with each `loadMore()`. Default 50. */
  readonly pageSize?: number
}

/** What `useConversations()` gives: a list of conversations, and what can be done with it. */
export interface UseConversationsReturn {
  /** Those that fit `search`, as many as `loadMore()` asked for: pinned ones first, then the newest. */
  readonly conversations: Readonly<Ref<readonly ConversationInfo[]>>
  /** Only titles that contain this are listed. */
  readonly search: ShallowRef<string>
  /** Of the storage. */
  readonly error: Readonly<Ref<ChannelError | undefined>>
  readonly hasMore: Readonly<Ref<boolean>>
  loadMore(): void
  /** The id of a new conversation, for `useChat({ id, storage })`. It is listed once something is said in it. */
  create(): string
  rename(id: string, title: string): Promise<void>
  pin(id: string, isPinned: boolean): Promise<void>
  /**
   * Stops what is being written in it, and forgets it: pages and tabs that still show it store nothing more of it, unless
   * something is said in it again.
   */
  remove(id: string): Promise<void>
}

/**
 * The conversations of a storage. Each goes on while another one is open; `isUnread` tells that an answer came to its end
 * while nobody looked.
 * @example const { conversations, create, remove } = useConversations({ storage: uniStorage() })
 */
export function useConversations({
  storage,
  pageSize = 50,
}: UseConversationsOptions): UseConversationsReturn {
  const all = shallowRef<readonly ConversationInfo[]>([])
  const search = shallowRef('')
  const shown = shallowRef(pageSize)
  const error = shallowRef<ChannelError>()

  async function attempt(call: () => unknown) {
    try {
      await call()
      error.value = undefined
    } catch (thrown) {
      error.value = toChannelError(thrown, 'STORAGE_FAILED')
    }
  }

  function show(listed: readonly ConversationInfo[]) {
    const next = sorted(listed)
    // Most of what is written is a piece of an answer: then whoever shows the list need not render.
    if (JSON.stringify(next) !== JSON.stringify(all.value)) all.value = next
  }

  function refresh() {
    try {
      const listed = storage.list()
      if (Array.isArray(listed)) show(listed as readonly ConversationInfo[])
      else void attempt(async () => show(await listed))
    } catch (thrown) {
      error.value = toChannelError(thrown, 'STORAGE_FAILED')
    }
  }

  let isDue = false
  // An answer is written in many pieces: the list is read once for those of one turn.
  function refreshSoon() {
    if (isDue) return
    isDue = true
    void Promise.resolve().then(() => {
      isDue = false
      refresh()
    })
  }

  function change(id: string, info: Partial<ConversationInfo>) {
    return attempt(async () => {
      const stored = await storage.load(id)
      if (!stored) return
      const { leaf, queue } = stored
      await storage.save(id, {
        writer: createChannelId(),
        nodes: [],
        removed: [],
        frame: { leaf, queue, info },
      })
    })
  }

  if (!isServerRendering()) {
    refresh()
    tryOnScopeDispose(storage.subscribe(refreshSoon))
  }

  const found = () => {
    const wanted = search.value.trim().toLowerCase()
    return wanted === '' ? all.value : all.value.filter(({ title }) => title.toLowerCase().includes(wanted))
  }

  return {
    conversations: toRef(() => found().slice(0, shown.value)),
    search,
    error: toRef(() => error.value),
    hasMore: toRef(() => found().length > shown.value),
    loadMore() {
      shown.value += pageSize
    },
    create: createChannelId,
    rename: (id, title) => change(id, { title }),
    pin: (id, isPinned) => change(id, { isPinned }),
    remove: (id) =>
      attempt(async () => {
        const writes = tellRemoval(storage, id)
        useChannelStore().remove(`${storageName(storage)}:${id}`)
        if (writes.length > 0) await Promise.all(writes)
        await storage.remove(id)
      }),
  }
}

const sorted = (list: readonly ConversationInfo[]): readonly ConversationInfo[] =>
  [...list].sort((a, b) => Number(b.isPinned) - Number(a.isPinned) || b.updatedAt - a.updatedAt)
