import { readonly, ref, watch, type Ref } from 'vue'

const STORAGE_KEY = 'demo-conversation'

export interface CurrentConversation {
  readonly current: Readonly<Ref<string>>
  open(id: string): void
}

/** Which conversation is open. The one that was when the app was closed is so again. */
export function useCurrentConversation(create: () => string): CurrentConversation {
  const current = ref((uni.getStorageSync(STORAGE_KEY) as string) || create())
  watch(current, (id) => uni.setStorageSync(STORAGE_KEY, id), { immediate: true })
  return {
    current: readonly(current),
    open(id) {
      current.value = id
    },
  }
}
