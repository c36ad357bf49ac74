import { afterEach, beforeEach, expect, test } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import {
  useChannelStore,
  useChat,
  messageText,
  type ChatMessage,
  type UseChatOptions,
} from '../../src/index.js'
import { readChatInput } from '../../src/server/producers/chat-input.js'
import { deferred } from '../helpers/deferred.js'
import { eventually } from '../helpers/eventually.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'

let server: Served
let runs = 0
let goOn = deferred()
const scopes: EffectScope[] = []

beforeEach(async () => {
  runs = 0
  goOn = deferred()
  server = await serveHub({
    start: ({ body }) => {
      const { messages, prompt } = readChatInput(body)
      return async function* () {
        runs++
        yield { type: 'text-delta', id: 't', delta: `${messages.length} messages, the last is ` }
        await goOn.promise
        yield { type: 'text-delta', id: 't', delta: `“${prompt}”` }
      }
    },
  })
})
afterEach(async () => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  await server.close()
})

function chat(options: UseChatOptions = {}) {
  const scope = effectScope()
  scopes.push(scope)
  const made = scope.run(() => useChat({ url: server.base, ...options }))
  if (!made) throw new Error('the scope is stopped')
  return made
}

const texts = (messages: readonly ChatMessage[]) => messages.map((message) => messageText(message))

test('talks with a server of ours, which reads every message', async () => {
  const { messages, sendMessage, regenerate } = chat()
  goOn.resolve()
  expect(await sendMessage('你好')).toBe('done')
  expect(await sendMessage({ text: 'again' })).toBe('done')
  expect(await regenerate()).toBe('done')
  expect(texts(messages.value)).toEqual([
    '你好',
    '1 messages, the last is “你好”',
    'again',
    '3 messages, the last is “again”',
  ])
  expect(runs).toBe(3)
})

test('an app that was closed in the middle of an answer stores its messages, reads on, and pays once', async () => {
  const before = chat({ key: 'before' })
  void before.sendMessage('你好')
  await eventually('the first words', () => texts(before.messages.value)[1] === '1 messages, the last is ')
  const stored = JSON.stringify(before.messages.value)

  const after = chat({ key: 'after', messages: JSON.parse(stored) as ChatMessage[] })
  const outcome = after.resumeStream()
  expect(texts(after.messages.value)[1]).toBe('1 messages, the last is ')
  goOn.resolve()
  expect(await outcome).toBe('done')
  expect(texts(after.messages.value)).toEqual(['你好', '1 messages, the last is “你好”'])
  expect(runs).toBe(1)
})
