import { VIEW_CHANNEL, type ViewMessage } from './view-script.js'

/** The framework's own bridge, a global of the service layer. */
interface ServiceBridge {
  subscribe(event: string, listener: (message: ViewMessage) => void): void
}

declare const UniServiceJSBridge: ServiceBridge | undefined

type Listener = (message: ViewMessage) => void

const listeners = new Map<string, Listener>()
let subscribed = false
let lastId = 0

export const hasViewBridge = () =>
  typeof UniServiceJSBridge === 'object' && typeof UniServiceJSBridge.subscribe === 'function'

/** Hears what pages tell under a new id. One subscription for the whole app: the bridge has no end of one by owner. */
export function listenToViews(listener: Listener): { readonly id: string; close(): void } {
  if (!subscribed && typeof UniServiceJSBridge === 'object') {
    subscribed = true
    UniServiceJSBridge.subscribe(VIEW_CHANNEL, (message) => listeners.get(message.id)?.(message))
  }
  // A WebView may outlive a restart of the service layer: ids of two lives must differ.
  const id = `${Date.now().toString(36)}-${++lastId}`
  listeners.set(id, listener)
  return {
    id,
    close: () => {
      listeners.delete(id)
    },
  }
}
