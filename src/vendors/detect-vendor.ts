import type { ChannelEvent } from '../core/channel-event.js'
import { agUi } from './ag-ui.js'
import { anthropic } from './anthropic.js'
import { coze } from './coze.js'
import { dashScope } from './dash-scope.js'
import { dify } from './dify.js'
import { fastGPT } from './fast-gpt.js'
import { gemini } from './gemini.js'
import { langGraph } from './lang-graph.js'
import { ollama } from './ollama.js'
import { openAI } from './openai.js'
import { openAIResponses } from './openai-responses.js'
import { qianfan } from './qianfan.js'
import type { Vendor } from './vendor.js'

/** FastGPT comes before those whose chunks it wraps. */
const vendors: readonly Vendor[] = [
  ...[fastGPT, openAI, openAIResponses, anthropic, gemini, dify, coze],
  ...[dashScope, qianfan, ollama, agUi, langGraph],
]

/** The vendor that an event proves; undefined for one that others could send, too. */
export function detectVendor(event: ChannelEvent): Vendor | undefined {
  return vendors.find((vendor) => vendor.owns(event))
}
