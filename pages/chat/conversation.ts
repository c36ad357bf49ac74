import { shallowRef } from 'vue'
import type { ChannelStatus } from 'uni-sse-channel'

/** A question and its answer. */
export interface Exchange {
  readonly id: number
  readonly prompt: string
  readonly answer: string
  readonly status: ChannelStatus
  /** Where the answer can be read on after the app was closed in the middle of it. */
  readonly channelId: string
}

const STORAGE_KEY = 'demo-conversation'
const MAX_EXCHANGES = 50

const exchanges = shallowRef<readonly Exchange[]>([])
let loaded = false

/** The demo's one conversation: kept in storage, shared by whoever asks. */
export function useConversation() {
  if (!loaded) {
    loaded = true
    const stored: unknown = uni.getStorageSync(STORAGE_KEY)
    if (Array.isArray(stored)) exchanges.value = stored as Exchange[]
  }

  function save(next: readonly Exchange[]) {
    exchanges.value = next.slice(-MAX_EXCHANGES)
    uni.setStorageSync(STORAGE_KEY, exchanges.value)
  }

  return {
    exchanges,
    add(prompt: string) {
      const last = exchanges.value[exchanges.value.length - 1]
      save([
        ...exchanges.value,
        { id: (last?.id ?? 0) + 1, prompt, answer: '', status: 'submitted', channelId: '' },
      ])
    },
    /** Changes the newest exchange. */
    update(change: Partial<Exchange>) {
      const last = exchanges.value[exchanges.value.length - 1]
      if (last) save([...exchanges.value.slice(0, -1), { ...last, ...change }])
    },
    clear: () => save([]),
  }
}
