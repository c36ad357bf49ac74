export { EventSource, type EventSourceInit } from './client/standard-event-source.js'
export type { ListenerOptions, ListenerSignal, SourceListener } from './client/listeners.js'
export type { SourceEvent } from './client/source-event.js'
export {
  SSEClient,
  type SSEClientOptions,
  type ServerSentEvents,
  type SSEMessage,
  type SSEPostOptions,
  type SSERequest,
} from './client/sse-client.js'
export { ChannelError } from './core/channel-error.js'
export type { ErrorCode } from './core/error-codes.js'
