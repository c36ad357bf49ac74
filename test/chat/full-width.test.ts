import { afterEach, expect, test, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { messageText, openAIDecoder, useChannelStore, useChat, type UseChatOptions } from '../../src/index.js'
import { startHttpServer, type HttpServer } from '../helpers/http-server.js'

const scopes: EffectScope[] = []
let server: HttpServer | undefined
afterEach(async () => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  await server?.close()
})

function chat(options: UseChatOptions) {
  const scope = effectScope()
  scopes.push(scope)
  const made = scope.run(() => useChat(options))
  if (!made) throw new Error('the scope is stopped')
  return made
}

test('a server that speaks as OpenAI does is asked in its words and understood', async () => {
  const asked: unknown[] = []
  const head: unknown[] = []
  server = await startHttpServer((request, response) => {
    asked.push(JSON.parse(request.body))
    head.push(request.headers['x-trace'])
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const content of ['Hel', 'lo'])
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
    response.write(
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] })}\n\n`,
    )
    response.end('data: [DONE]\n\n')
  })
  const onFinish = vi.fn()
  const { messages, sendMessage } = chat({
    url: server.url,
    decoder: openAIDecoder,
    onFinish,
    prepareRequest: ({ messages: all, body, headers }) => ({
      headers,
      body: {
        model: 'deepseek-chat',
        ...body,
        stream: true,
        messages: all.map((message) => ({ role: message.role, content: messageText(message) })),
      },
    }),
  })
  expect(await sendMessage('Hi', { body: { temperature: 0 }, headers: { 'x-trace': 'yes' } })).toBe('done')
  expect(await sendMessage('Again')).toBe('done')
  expect(asked).toEqual([
    { model: 'deepseek-chat', temperature: 0, stream: true, messages: [{ role: 'user', content: 'Hi' }] },
    {
      model: 'deepseek-chat',
      stream: true,
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Again' },
      ],
    },
  ])
  // Of one call only.
  expect(head).toEqual(['yes', undefined])
  expect(onFinish.mock.calls[0]?.[0]).toMatchObject({
    message: { parts: [{ type: 'text', text: 'Hello' }] },
    messages: [{ role: 'user' }, { role: 'assistant' }],
    outcome: 'done',
    isAbort: false,
    isDisconnect: false,
    isError: false,
    finishReason: 'length',
  })
  expect(messages.value).toHaveLength(4)
})

test('a connection that breaks off for good is told as that', async () => {
  server = await startHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`data: ${JSON.stringify({ type: 'text-delta', id: 't', delta: 'half' })}\n\n`)
    setTimeout(() => response.destroy(), 50)
  })
  const onFinish = vi.fn()
  const { sendMessage, status } = chat({ url: server.url, reconnect: { attempts: 0 }, onFinish })
  expect(await sendMessage('one')).toBe('error')
  expect(status.value).toBe('error')
  expect(onFinish.mock.calls).toMatchObject([[{ isDisconnect: true, isError: true, isAbort: false }]])
})

test('ids are those of generateId, until the server names its message', async () => {
  server = await startHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const chunk of [{ type: 'start', messageId: 'of the server' }, { type: 'finish' }])
      response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    response.end('data: [DONE]\n\n')
  })
  let count = 0
  const { messages, sendMessage } = chat({ url: server.url, generateId: () => `mine-${++count}` })
  const sent = sendMessage('one')
  expect(messages.value.map(({ id }) => id)).toEqual(['mine-1', 'mine-2'])
  await sent
  expect(messages.value.map(({ id }) => id)).toEqual(['mine-1', 'of the server'])
})
