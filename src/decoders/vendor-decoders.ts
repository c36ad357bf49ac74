import { anthropic } from '../vendors/anthropic.js'
import { coze } from '../vendors/coze.js'
import { dashScope } from '../vendors/dash-scope.js'
import { dify } from '../vendors/dify.js'
import { openAI } from '../vendors/openai.js'
import { agUi } from '../vendors/ag-ui.js'
import { fastGPT } from '../vendors/fast-gpt.js'
import { gemini } from '../vendors/gemini.js'
import { langGraph } from '../vendors/lang-graph.js'
import { ollama } from '../vendors/ollama.js'
import { openAIResponses } from '../vendors/openai-responses.js'
import { qianfan } from '../vendors/qianfan.js'
import { decoderOf } from './from-vendor.js'

/** OpenAI's Chat Completions, and all who speak it. What each vendor's decoder reads: docs/vendors.md. */
export const openAIDecoder = /* @__PURE__ */ decoderOf(openAI)
/** Anthropic's Messages. */
export const anthropicDecoder = /* @__PURE__ */ decoderOf(anthropic)
/** Dify's chat, agent, completion and workflow apps. */
export const difyDecoder = /* @__PURE__ */ decoderOf(dify)
/** 扣子 Coze, chat v3 and streamed workflows. */
export const cozeDecoder = /* @__PURE__ */ decoderOf(coze)
/** 阿里云百炼 DashScope's own format. */
export const dashScopeDecoder = /* @__PURE__ */ decoderOf(dashScope)
/** OpenAI's Responses. */
export const openAIResponsesDecoder = /* @__PURE__ */ decoderOf(openAIResponses)
/** Google's Gemini, with `alt=sse`. */
export const geminiDecoder = /* @__PURE__ */ decoderOf(gemini)
/** 百度千帆 V1 and AppBuilder. */
export const qianfanDecoder = /* @__PURE__ */ decoderOf(qianfan)
/** Ollama's own format, one JSON a line: with `httpSource({ url, protocol: 'text' })`. */
export const ollamaDecoder = /* @__PURE__ */ decoderOf(ollama)
/** Agents that speak AG-UI. */
export const agUiDecoder = /* @__PURE__ */ decoderOf(agUi)
/** LangGraph's server. */
export const langGraphDecoder = /* @__PURE__ */ decoderOf(langGraph)
/** FastGPT's apps with `detail: true`. */
export const fastGPTDecoder = /* @__PURE__ */ decoderOf(fastGPT)
