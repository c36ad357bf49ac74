import { expect, test } from 'vitest'
import { recordings, vendors } from './recorded.js'
import { recording, said } from './translate.js'

const json = (value: unknown) => JSON.stringify(value)

/** A part in a line: what a page shows of it, or its beginning. */
function brief(part: Readonly<Record<string, unknown>>): string {
  const { type, text, toolCallId, input, output, mediaType, url, title, data } = part
  const name = String(type)
  if (text !== undefined) return `${name} ${String(text)}`
  if (name === 'file') return `file ${String(mediaType)} ${String(url)}`
  if (name.startsWith('source-')) return `${name} ${String(title)}`
  if (toolCallId !== undefined)
    return `${name} ${json(input)}${output === undefined ? '' : ` → ${json(output)}`}`.slice(0, 80)
  return data === undefined ? name : `${name} ${json(data)}`.slice(0, 80)
}

/** What a page has of each recording, in order, and why the answer ended. */
const contents: [path: string, reason: string, parts: string[]][] = [
  [
    'ag-ui/run.sse',
    'stop',
    [
      'step-start',
      'reasoning 想',
      'step-start',
      'tool-get_weather {"city":"北京"} → {"sky":"晴"}',
      'text 北京晴。',
      'data-state {"city":"北京"}',
    ],
  ],
  ['anthropic/paused.sse', 'interrupted', ['text Searching…']],
  [
    'anthropic/thinking-and-tool.sse',
    'tool-calls',
    ['reasoning 嗯，查天气。', 'reasoning ', 'text 我来查查。', 'tool-get_weather {"city":"北京"}'],
  ],
  [
    'anthropic/web-search.sse',
    'stop',
    [
      'tool-web_search {"query":"rain"} → [{"type":"web_search_result","title":"Rain","',
      'source-url Rain',
      'text It will rain.',
    ],
  ],
  [
    'coze/chat.sse',
    'stop',
    [
      'tool-search {"q":"天气"} → {"sky":"晴"}',
      'reasoning 想',
      'text 20',
      'text 固定回复',
      'data-follow-up "然后呢？"',
    ],
  ],
  [
    'coze/requires-action.sse',
    'tool-calls',
    [
      'tool-get_location {"precise":true}',
      'data-required-action {"chatId":"ch-1","conversationId":"cv-1","type":"submit_too',
    ],
  ],
  ['dash-scope/app.sse', 'stop', ['text 你好', 'source-document 手册']],
  ['dash-scope/pictures.sse', 'stop', ['text 看图', 'file image/png https://example.com/a.png']],
  ['dash-scope/repeating.sse', 'stop', ['text 你好，世界']],
  ['dash-scope/thinking.sse', 'stop', ['reasoning 想好了', 'text 你好 👋']],
  ['dash-scope/tool-call.sse', 'tool-calls', ['tool-get_weather {"city":"北京"}']],
  [
    'dify/agent.sse',
    'stop',
    [
      'text 我查一下。',
      'tool-weather {"city":"北京"} → {"sky":"晴"}',
      'file image/png https://example.com/sky.png',
      'text 北京晴。',
      'source-document 手册.pdf',
    ],
  ],
  ['dify/chatflow-moderated.sse', 'stop', ['reasoning 想', 'text 不能回答。']],
  [
    'dify/human-input.sse',
    'interrupted',
    [
      'text 请确认。',
      'data-human-input {"task_id":"t-1","workflow_run_id":"w-1","form_id":"form-1","no',
      'data-workflow-paused {"task_id":"t-1","workflow_run_id":"w-1","paused_nodes":["n',
    ],
  ],
  ['dify/workflow.sse', 'stop', ['text 结果', 'data-outputs {"result":"结果","score":7}']],
  [
    'fast-gpt/app.sse',
    'stop',
    [
      'source-document 手册.pdf',
      'tool-get_weather {"city":"北京"} → "晴"',
      'text 请稍等。',
      'reasoning 想',
      'text 北京晴。',
    ],
  ],
  [
    'fast-gpt/interactive.sse',
    'interrupted',
    ['data-interactive {"type":"userSelect","params":{"description":"哪个？","userSelectO'],
  ],
  [
    'gemini/calls.sse',
    'tool-calls',
    ['text 看看', 'tool-get_weather {"city":"北京"}', 'tool-get_weather {"city":"上海"}'],
  ],
  ['gemini/thinking.sse', 'stop', ['reasoning 想。', 'text 你好 👋', 'source-url A']],
  [
    'lang-graph/messages.sse',
    'stop',
    [
      'tool-get_weather {"city":"北京"} → {"sky":"晴"}',
      'text 北京晴。',
      'data-values {"messages":[{"content":"天气？","type":"human","id":"h-1"},{"content":',
    ],
  ],
  ['ollama/chat.ndjson', 'tool-calls', ['reasoning 想', 'text 你好 👋', 'tool-get_weather {"city":"北京"}']],
  ['openai/azure-filtered.sse', 'content-filter', ['text I was going to']],
  ['openai/deepseek-reasoner.sse', 'stop', ['reasoning 先比较两个数。', 'text 9.8 更大 👍']],
  ['openai/mistral-thinking.sse', 'stop', ['reasoning hm, yes', 'text Hi you']],
  ['openai/search-sources.sse', 'stop', ['text Rain.', 'source-url Rain', 'source-url Sun']],
  ['openai/tool-calls.sse', 'tool-calls', ['tool-get_weather {"city":"北京"}', 'tool-get_time {"tz":"UTC"}']],
  [
    'openai-responses/calls.sse',
    'tool-calls',
    [
      'tool-web_search {"type":"search","query":"rain"} → {"status":"completed"}',
      'tool-get_weather {"city":"北京"}',
    ],
  ],
  [
    'openai-responses/reasoning-and-text.sse',
    'stop',
    ['reasoning 想一想', 'reasoning ', 'text 你好👋', 'source-url A'],
  ],
  ['qianfan/app.sse', 'stop', ['text 北京晴。', 'source-url 天气']],
  ['qianfan/model.sse', 'stop', ['text 你好，我是文心。']],
]

test.each(contents)('%s ends with %s and has all that was said', async (path, reason, parts) => {
  const vendor = vendors[path.slice(0, path.indexOf('/'))]
  if (!vendor) throw new Error(`nobody is called as the folder of ${path}`)
  const shown = await said(vendor, recording(path))
  expect([shown.reason, shown.parts.map(brief)]).toEqual([reason, parts])
})

test('no recording is left out', () => {
  expect(contents.map(([path]) => path).sort()).toEqual(recordings.map(([path]) => path).sort())
})
