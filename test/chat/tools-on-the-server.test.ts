import { afterEach, expect, it } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { servedStorage } from '../../src/chat/storage/served-storage.js'
import {
  isToolPart,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  messageText,
  onlyNewMessage,
  useChannelStore,
  useChat,
  type UseChatOptions,
} from '../../src/index.js'
import { createMemoryDevice } from '../../src/platform/device-storage.js'
import { relay } from '../../src/server/producers/relay.js'
import { openAIMessages, openAITools } from '../../src/server/tools/openai-messages.js'
import { tool } from '../../src/server/tools/tool.js'
import { toolLoop } from '../../src/server/tools/tool-loop.js'
import { openAI } from '../../src/vendors/openai.js'
import { eventually } from '../helpers/eventually.js'
import { serveConversations, type ServedConversations } from '../server/conversations/serve-conversations.js'
import { createOpenAIServer, type OpenAIServer, type ScriptedStep } from '../server/tools/openai-server.js'

let served: ServedConversations
let model: OpenAIServer
let sent: string[] = []
const scopes: EffectScope[] = []
afterEach(async () => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  sent = []
  await served.close()
  await model.close()
})

async function serve(...script: ScriptedStep[]) {
  model = await createOpenAIServer(...script)
  const to = { type: 'object', properties: { to: { type: 'string' } } }
  const tools = [
    tool<{ to: string }>('transfer', to, ({ to: whom }) => `sent to ${sent.push(whom) && whom}`, {
      needsApproval: true,
    }),
    tool('location', { type: 'object' }),
  ]
  served = await serveConversations({
    start: ({ messages = [], messageId }) =>
      toolLoop({
        tools,
        messages,
        messageId,
        ask: (step) =>
          relay({
            vendor: openAI,
            url: model.url,
            body: { stream: true, messages: openAIMessages(step.messages), tools: openAITools(step.tools) },
          }),
      }),
  })
}

let pages = 0
/** A page on a device of its own. */
function page(options: UseChatOptions = {}) {
  const scope = effectScope()
  scopes.push(scope)
  const headers = { 'x-user': 'ann' }
  const storage = servedStorage(createMemoryDevice(), { url: served.base, headers })
  const key = `tools ${++pages}`
  const chat = scope.run(() =>
    useChat({ url: served.base, headers, id: 'c', key, storage, prepareRequest: onlyNewMessage, ...options }),
  )
  if (!chat) throw new Error('the scope is stopped')
  const call = () => chat.messages.value.flatMap(({ parts }) => parts.filter(isToolPart))[0]
  const text = () => messageText(chat.messages.value[1] ?? { parts: [] })
  return { ...chat, call, text, leave: () => (scope.stop(), useChannelStore().remove(key)) }
}

it('what one device was asked may be answered on another, and is done once', async () => {
  await serve({ calls: [{ id: 'c1', name: 'transfer', args: '{"to":"bob"}' }] }, { text: 'Done.' })
  const first = page()
  await first.sendMessage('Send bob his money')
  expect(first.call()?.state).toBe('approval-requested')
  first.leave()

  const second = page({ sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses })
  await eventually('it is asked there, too', () => second.call()?.state === 'approval-requested')
  const call = second.call()
  await second.addToolApprovalResponse({
    id: call?.state === 'approval-requested' ? call.approval.id : '',
    approved: true,
  })
  await eventually('it is done', () => second.text() === 'Done.' && second.status.value === 'ready')
  expect(sent).toEqual(['bob'])
  expect(second.call()).toMatchObject({ state: 'output-available', output: 'sent to bob' })
  expect(second.messages.value).toHaveLength(2)
  expect(model.asked).toHaveLength(2)
  await eventually('it is stored', async () => {
    const { nodes } = await served.load('c')
    return nodes.length === 2 && nodes[1]?.message.status === 'done'
  })
  const third = page()
  await eventually('a third one shows it', () => third.text() === 'Done.')
  expect(third.call()?.state).toBe('output-available')
})

it('a tool of the page is run there, and the model goes on at the server', async () => {
  await serve({ calls: [{ id: 'c1', name: 'location', args: '{}' }] }, { text: 'You are here.' })
  const here = page({
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall: ({ toolCall: { toolName, toolCallId } }) =>
      void here.addToolOutput({ tool: toolName, toolCallId, output: [1, 2] }),
  })
  await here.sendMessage('Where am I?')
  await eventually('it is said', () => here.text() === 'You are here.' && here.status.value === 'ready')
  expect(model.asked[1]?.messages[2]).toMatchObject({ role: 'tool', content: '[1,2]' })
  expect(here.call()).toMatchObject({ state: 'output-available', output: [1, 2] })
})
