import { pushPort } from './push-port/index.js'

/** App's service layer: how its runtime tells about the network. */
interface ServiceBridge {
  emit(event: string, status: { isConnected: boolean; networkType: string }): void
}

declare const UniServiceJSBridge: ServiceBridge | undefined

/**
 * Restores the vendor's push socket, which brought nothing since `since`, in clock time (default: it is known
 * to be dead). With the Vite plugin it is replaced. Without, the
 * SDK can only be told that the network changed, where the platform lets us say so: that helps after a cut, not
 * against a socket it holds for open.
 * @see docs/unicloud.md#with-and-without-the-plugin
 */
export function recoverPush(since = Infinity): void {
  if (pushPort.status.guarded) return pushPort.recover(since)
  const connection = typeof navigator === 'object' && (navigator as { connection?: EventTarget }).connection
  if (connection) return void connection.dispatchEvent(new Event('change'))
  if (typeof document === 'undefined' && typeof UniServiceJSBridge === 'object')
    UniServiceJSBridge.emit('api.onNetworkStatusChange', { isConnected: true, networkType: 'unknown' })
}

/** Is the push socket alive? Only the plugin can ask. */
export function probePush(): void {
  if (pushPort.status.guarded) pushPort.probe()
}
