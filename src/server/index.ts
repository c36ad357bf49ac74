export { ChannelError } from '../core/channel-error.js'
export type { ChannelEvent } from '../core/channel-event.js'
export { createHub } from './hub/create-hub.js'
export type {
  BatchResult,
  ChatName,
  CreateOptions,
  Hub,
  HubOptions,
  Message,
  Opening,
  Run,
  RunOptions,
  Sent,
  Stopped,
} from './hub/hub.js'
export type { HubStats } from './hub/hub-stats.js'
export type { ReadOptions } from './hub/read-channel.js'
export type { CloseReason, Observer, Signal, Wire } from './hub/signal.js'
export type { Sink, Subscription, SubscriptionEnd } from './hub/subscription.js'
export { fileLog, type FileLogOptions } from './log/file/file-log.js'
export { postgresLog } from './log/postgres/postgres-log.js'
export type { PostgresLogOptions } from './log/postgres/postgres-log-options.js'
export type { PostgresLogClient, PostgresLogPool } from './log/postgres/postgres-pool.js'
export { memoryLog, type MemoryLogOptions } from './log/memory/memory-log.js'
export type * from './log/event-log.js'
export { json, uiMessageStream } from './hub/stream-format.js'
export type { Ending, StreamFormat, UIMessageChunk } from './hub/stream-format.js'
export type { ChunkStream, Producer, RunContext } from './hub/producer.js'
export { resumable } from './hub/resumable.js'
export type { Continue, Resumable, ResumableProducer, ResumeContext } from './hub/resumable.js'
export { createHandler } from './http/create-handler.js'
export type { Handler } from './http/create-handler.js'
export { createFetchHandler } from './http/create-fetch-handler.js'
export type { FetchContext, FetchHandler } from './http/create-fetch-handler.js'
export type { HandlerLimits, HandlerOptions } from './http/handler-options.js'
export type { Start, StartRequest } from './http/start.js'
export { toFastify } from './adapters/to-fastify.js'
export { toHono } from './adapters/to-hono.js'
export { createSocketHandler, type SocketHandler } from './socket/create-socket-handler.js'
export type { AccessRequest, Action, Authorize, Identity, Wish } from './access/authorize.js'
export { logSignals, type Logger, type LogSignalsOptions } from './operations/log-signals.js'
export { createTraces, type TracesOptions, type TracesTracer } from './operations/create-traces.js'
export { createMetrics } from './operations/create-metrics.js'
export type { Metrics, MetricsOptions, MetricsRegistry } from './operations/create-metrics.js'
export { ownerOnly } from './access/owner-only.js'
export { channelTokens } from './access/channel-tokens.js'
export type { ChannelGrant, ChannelTokens, ChannelTokensOptions } from './access/channel-tokens.js'
export type { HubLimits } from './limits/hub-limits.js'
export type { Bucket, RateLimiter } from './limits/rate-limiter.js'
export { memoryLimiter } from './limits/memory-limiter.js'
export { contentFilter } from './filter/content-filter.js'
export type {
  ContentFilter,
  ContentFilterOptions,
  FindMatches,
  Match,
  TextStream,
} from './filter/content-filter.js'
export { createConversations } from './conversations/create-conversations.js'
export type {
  AnswerStart,
  BegunAnswer,
  Conversations,
  ConversationLimits,
  ConversationsOptions,
  HistoryMessage,
  LoadedConversation,
  LongHistory,
} from './conversations/conversations.js'
export type * from './conversations/conversation-store.js'
export type { ConversationMessage } from './conversations/conversation-message.js'
export type { ChangedFrame, ConversationChange } from './conversations/read-change.js'
export { memoryConversations } from './conversations/memory-conversations.js'
export {
  postgresConversations,
  type PostgresConversationsOptions,
  type PostgresPool,
} from './conversations/postgres-conversations.js'
export { tool } from './tools/tool.js'
export type { ServerTool, ToolCallContext, ToolOptions, ToolOutput } from './tools/tool.js'
export type { CheckedInput, InputSchema, StandardSchema } from './tools/input-schema.js'
export type { JsonSchema } from './tools/json-schema.js'
export { toolLoop, type ModelStep, type ToolLoopOptions } from './tools/tool-loop.js'
export type { OnToolError } from './tools/run-tool.js'
export { openAIMessages, openAITools } from './tools/openai-messages.js'
export type { CorsPolicy } from './http/cors.js'
export { readChatInput } from './producers/chat-input.js'
export type { ChatInput, ChatMessage, ReadChatInputOptions } from './producers/chat-input.js'
export { demoModel, type DemoModelOptions } from './producers/demo-model.js'
export { openAIModel, type OpenAIModelOptions } from './producers/openai-model.js'
export { backgroundResponses, type BackgroundResponsesOptions } from './producers/background-responses.js'
export { relay, type RelayOptions } from './producers/relay.js'
export type { Asked, HowToStop, Translated, Translator, Vendor, VendorStop } from '../vendors/vendor.js'
export { agUi } from '../vendors/ag-ui.js'
export { anthropic } from '../vendors/anthropic.js'
export { coze } from '../vendors/coze.js'
export { dashScope } from '../vendors/dash-scope.js'
export { dify } from '../vendors/dify.js'
export { fastGPT } from '../vendors/fast-gpt.js'
export { gemini } from '../vendors/gemini.js'
export { langGraph } from '../vendors/lang-graph.js'
export { ollama } from '../vendors/ollama.js'
export { openAI } from '../vendors/openai.js'
export { openAIResponses } from '../vendors/openai-responses.js'
export { qianfan } from '../vendors/qianfan.js'
