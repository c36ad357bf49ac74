import { anthropic } from '../vendors/anthropic.js'
import { coze } from '../vendors/coze.js'
import { dashScope } from '../vendors/dash-scope.js'
import { dify } from '../vendors/dify.js'
import { openAI } from '../vendors/openai.js'
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
