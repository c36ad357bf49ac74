import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { agUi } from '../../src/vendors/ag-ui.js'
import { anthropic } from '../../src/vendors/anthropic.js'
import { coze } from '../../src/vendors/coze.js'
import { dashScope } from '../../src/vendors/dash-scope.js'
import { dify } from '../../src/vendors/dify.js'
import { fastGPT } from '../../src/vendors/fast-gpt.js'
import { gemini } from '../../src/vendors/gemini.js'
import { langGraph } from '../../src/vendors/lang-graph.js'
import { ollama } from '../../src/vendors/ollama.js'
import { openAIResponses } from '../../src/vendors/openai-responses.js'
import { qianfan } from '../../src/vendors/qianfan.js'
import { openAI } from '../../src/vendors/openai.js'
import type { Vendor } from '../../src/vendors/vendor.js'

/** By the name of their folder. */
export const vendors: Readonly<Record<string, Vendor>> = {
  'ag-ui': agUi,
  anthropic,
  coze,
  'dash-scope': dashScope,
  dify,
  'fast-gpt': fastGPT,
  gemini,
  'lang-graph': langGraph,
  ollama,
  openai: openAI,
  'openai-responses': openAIResponses,
  qianfan,
}

export const folder = fileURLToPath(new URL('../fixtures/vendors', import.meta.url))

/** Each recording of `test/fixtures/vendors`, with who it is from. */
export const recordings = Object.entries(vendors).flatMap(([name, vendor]) =>
  readdirSync(`${folder}/${name}`).map((file) => [`${name}/${file}`, vendor] as const),
)
