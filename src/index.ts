export { ChannelError } from './core/channel-error.js'
export type { ErrorCode } from './core/error-codes.js'
export type { ChannelEvent } from './core/channel-event.js'
export type { Background, Ending } from './core/session.js'
export type { HangUp, Intent, Observer, Source } from './core/source.js'
export type { Outcome } from './core/state.js'
export type { Closing, Decode, Decoded, Decoder } from './decoders/decoder.js'
export {
  agUiDecoder,
  anthropicDecoder,
  cozeDecoder,
  dashScopeDecoder,
  difyDecoder,
  fastGPTDecoder,
  geminiDecoder,
  langGraphDecoder,
  ollamaDecoder,
  openAIDecoder,
  openAIResponsesDecoder,
  qianfanDecoder,
} from './decoders/vendor-decoders.js'
export { decoderOf } from './decoders/from-vendor.js'
export { autoDecoder } from './decoders/auto-decoder.js'
export { jsonDecoder } from './decoders/json.js'
export { textDecoder } from './decoders/text.js'
export { uiMessageStream } from './decoders/ui-message-stream.js'
export { httpSource, type HttpSourceOptions } from './transports/http-source.js'
export type {
  Protocol,
  ResponseHead,
  Transport,
  TransportObserver,
  TransportRequest,
} from './transports/transport.js'
export { appView, type AppViewOptions } from './transports/app-view.js'
export type { OwnWebView } from './transports/app-view/own-view.js'
export { autoTransport, createAutoTransport, type AutoTransportOptions } from './transports/auto.js'
export { platformTransports } from './transports/platform-transports.js'
export { douyinTransport } from './transports/douyin.js'
export { eventSourceTransport } from './transports/event-source.js'
export { fetchTransport } from './transports/fetch.js'
export { longPollTransport } from './transports/long-poll.js'
export { uniRequestTransport } from './transports/uni-request.js'
export { viewCaller } from './transports/app-view/view-caller.js'
export { webSocketTransport } from './transports/web-socket.js'
export { xhrTransport } from './transports/xhr.js'
export type * from './messages/chunk.js'
export type * from './messages/part.js'
export * from './messages/part-guards.js'
export type { LooseText } from './messages/fold-text.js'
export type { Channel, ChannelStatus, Connection, ResumeTarget } from './run/channel.js'
export type { AppPinia } from './stores/app-pinia.js'
export { useChannelStore, type ChannelStore, type ChannelSummary } from './stores/channels.js'
export { previewImage } from './platform/preview-image.js'
export { writeClipboard } from './platform/write-clipboard.js'
export { platformLocale } from './platform/platform-locale.js'
export { createSSEChannel } from './composables/channel-defaults.js'
export type { ChannelDefaults, UseSSEChannelOptions } from './run/channel-settings.js'
export type { ReconnectOptions, TimeoutOptions } from './run/policy.js'
export { useSSEChannel, type UseSSEChannelReturn } from './composables/use-sse-channel.js'
export { useChat } from './composables/use-chat.js'
export type { UseChatOptions } from './composables/chat-options.js'
export type {
  ChatRequest,
  ChatStatus,
  ToolApprovalResponse,
  ToolOutput,
  UseChatReturn,
} from './composables/chat-return.js'
export {
  useConversations,
  type UseConversationsOptions,
  type UseConversationsReturn,
} from './composables/use-conversations.js'
export {
  messageText,
  type AnyChatMessage,
  type ChatMessage,
  type DataTypes,
  type PartOf,
  type ToolTypes,
} from './chat/chat-message.js'
export type { ChatFinish, ChatListeners, ToolCall } from './chat/chat-listeners.js'
export {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
} from './chat/complete-tool-calls.js'
export type { Branches } from './chat/conversation.js'
export type { WhenBusy } from './chat/conversation-settings.js'
export type { QueuedMessage } from './chat/message-queue.js'
export type { MessageNode, PendingRequest } from './chat/message-tree.js'
export type { ChatInput } from './chat/outgoing.js'
export type { PrepareRequest } from './chat/request-body.js'
export type {
  ChatStorage,
  ConversationChange,
  ConversationInfo,
  StoredConversation,
} from './chat/storage/chat-storage.js'
export { httpStorage, type HttpStorageOptions } from './chat/storage/http-storage.js'
export { onlyNewMessage } from './chat/only-new-message.js'
export { memoryStorage, uniStorage } from './chat/storage/uni-storage.js'
export { useSmoothText, type UseSmoothTextOptions } from './composables/use-smooth-text.js'
export {
  useStickToBottom,
  type ScrollEvent,
  type UseStickToBottomOptions,
  type UseStickToBottomReturn,
} from './composables/use-stick-to-bottom.js'
export {
  formulasKey,
  type Formula,
  type FormulaNode,
  type FormulaOp,
  type Formulas,
  type FormulaShape,
  type RichNode,
  type ViewOp,
} from './composables/formulas.js'
export { createDiagrams, diagramsKey, type Diagrams, type DrawDiagram } from './composables/diagrams.js'
export { codeColoursKey, type CodeColours, type ColourLine } from './composables/code-colours.js'
