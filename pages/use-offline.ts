import { onUnmounted, readonly, ref, type Ref } from 'vue'

/** Whether the device has no network, as far as the platform knows. */
export function useOffline(): Readonly<Ref<boolean>> {
  const offline = ref(false)
  // #ifdef H5
  // uni-app's own answer is the speed that was measured last.
  const read = () => (offline.value = navigator.onLine === false)
  const events = ['online', 'offline'] as const
  for (const event of events) window.addEventListener(event, read)
  onUnmounted(() => events.forEach((event) => window.removeEventListener(event, read)))
  read()
  // #endif
  // #ifndef H5
  const change = ({ isConnected }: { isConnected: boolean }) => (offline.value = !isConnected)
  uni.onNetworkStatusChange(change)
  onUnmounted(() => uni.offNetworkStatusChange(change))
  uni.getNetworkType({ success: ({ networkType }) => (offline.value = networkType === 'none') })
  // #endif
  return readonly(offline)
}
