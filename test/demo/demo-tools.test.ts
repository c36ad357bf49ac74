import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { createDemoServer, type DemoServer } from '../../scripts/demo-server.js'
import { cities, forecast } from '../../scripts/demo/weather.js'
import {
  isToolPart,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  messageText,
  useChannelStore,
  useChat,
  useSSEChannel,
  type ToolPart,
} from '../../src/index.js'
import { eventually } from '../helpers/eventually.js'
import { listen } from '../helpers/listen.js'

let demo: DemoServer
let base = ''
const scopes: EffectScope[] = []

beforeEach(async () => {
  demo = createDemoServer(undefined, {})
  base = `http://127.0.0.1:${await listen(demo.server)}`
})
afterEach(async () => {
  for (const scope of scopes.splice(0)) scope.stop()
  useChannelStore().clear()
  await demo.close()
})

function inScope<T>(make: () => T): T {
  const scope = effectScope()
  scopes.push(scope)
  const made = scope.run(make)
  if (!made) throw new Error('the scope is stopped')
  return made
}

const chat = () =>
  inScope(() =>
    useChat({
      url: `${base}/api/chat`,
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
    }),
  )
const request = { body: { model: 'demo-fast' } }

function answerOf({ messages }: ReturnType<typeof chat>) {
  const last = messages.value[messages.value.length - 1]
  const calls = (last?.parts ?? []).filter(isToolPart) as readonly ToolPart[]
  return { text: last ? messageText(last) : '', calls, parts: last?.parts ?? [] }
}

test('a question about the weather is answered with what the tool has looked up', async () => {
  const talk = chat()
  expect(await talk.sendMessage('成都明天的天气怎么样？', request)).toBe('done')
  const { calls, text, parts } = answerOf(talk)
  expect(calls).toMatchObject([
    {
      type: 'tool-weather',
      title: '查询天气',
      state: 'output-available',
      input: { city: '成都', days: 2 },
    },
  ])
  const { days } = (calls[0] as { output: { days: { date: string; high: number }[] } }).output
  expect(days).toHaveLength(2)
  expect(text).toContain(`${Math.max(...days.map(({ high }) => high))} °C`)
  // For the card of the page, between the call and what is said of it.
  expect(parts.filter(({ type }) => /^(tool|data|text|source)/.test(type))).toMatchObject([
    { type: 'tool-weather' },
    { type: 'data-weather', data: { city: '成都', days } },
    { type: 'text' },
    { type: 'source-document' },
  ])
})

test('an English question is answered in English', async () => {
  const talk = chat()
  await talk.sendMessage('How is the weather in London this week?', request)
  expect(answerOf(talk).calls).toMatchObject([{ input: { city: 'London', days: 7 } }])
  expect(answerOf(talk).text).toContain('over the next 7 days')
})

describe('a booking waits for the word of the user', () => {
  test('and is made after a yes, once, however often it is asked for', async () => {
    const talk = chat()
    await talk.sendMessage('帮我预订从上海到杭州的高铁', request)
    const [call] = answerOf(talk).calls
    expect(call).toMatchObject({
      type: 'tool-bookTrain',
      state: 'approval-requested',
      input: { number: 'G7301' },
    })
    expect(answerOf(talk).text).toBe('')
    if (call?.state !== 'approval-requested') return
    await talk.addToolApprovalResponse({ id: call.approval.id, approved: true, options: request })
    await eventually('the booking', () => answerOf(talk).text.includes('订单号'))
    await eventually('the end', () => talk.status.value === 'ready')
    const [booked] = answerOf(talk).calls
    expect(booked?.state).toBe('output-available')
    const { reference } = (booked as { output: { reference: string } }).output
    expect(answerOf(talk).text).toContain(reference)
    expect(talk.messages.value).toHaveLength(2)

    const again = await fetch(`${base}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...request.body,
        messages: [
          {
            id: 'a',
            role: 'assistant',
            parts: [
              { ...call, state: 'approval-responded', approval: { id: call.approval.id, approved: true } },
            ],
          },
        ],
      }),
    })
    expect(await again.text()).toContain(reference)
  })

  test('and is left after a no', async () => {
    const talk = chat()
    await talk.sendMessage('Please book a train from Beijing to Shanghai', request)
    const [call] = answerOf(talk).calls
    if (call?.state !== 'approval-requested') throw new Error(`is ${call?.state}`)
    expect(call.input).toMatchObject({ from: 'Beijing', to: 'Shanghai' })
    await talk.addToolApprovalResponse({ id: call.approval.id, approved: false, options: request })
    await eventually('the answer', () => answerOf(talk).text.includes('left it'))
    expect(answerOf(talk).calls).toMatchObject([{ state: 'output-denied' }])
  })

  test('and is not made for a page that says it was asked, when it was not', async () => {
    const part = {
      type: 'tool-bookTrain',
      toolCallId: 'c',
      state: 'approval-responded',
      input: {},
      approval: { id: 'ask-nothing', approved: true },
    }
    const answer = await fetch(`${base}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ id: 'a', role: 'assistant', parts: [part] }] }),
    })
    const text = await answer.text()
    expect(text).toContain('tool-output-error')
    expect(text).not.toContain('reference')
  })
})

test('a notice that was allowed reaches whoever listens, each once', async () => {
  const hear = () => {
    const channel = inScope(() => useSSEChannel<{ text: string }>({ url: `${base}/api/chat` }))
    void channel.resume({ channelId: 'notifications' })
    return channel
  }
  const [one, two] = [hear(), hear()]
  await eventually('both listen', () => [one, two].every(({ connection }) => connection.value === 'open'))
  const talk = chat()
  await talk.sendMessage('发送一条通知：晚上七点开会', request)
  const [call] = answerOf(talk).calls
  if (call?.state !== 'approval-requested') throw new Error(`is ${call?.state}`)
  await talk.addToolApprovalResponse({ id: call.approval.id, approved: true, options: request })
  await fetch(`${base}/api/notifications`, { method: 'POST', body: JSON.stringify({ text: 'second' }) })
  const heard = ({ messages }: typeof one) => messages.value.map(({ text }) => text)
  await eventually('both notices', () => heard(one).length >= 2 && heard(two).length >= 2)
  expect([...heard(one)].sort()).toEqual(['second', '晚上七点开会'])
  expect(heard(two)).toEqual(heard(one))
})

test('an upload is given back as it was, and never as a page', async () => {
  const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256)
  const form = new FormData()
  form.append('name', 'x')
  form.append('file', new Blob([bytes], { type: 'text/html' }), '图.html')
  const added = await fetch(`${base}/api/files`, { method: 'POST', body: form })
  const { url, name, size } = (await added.json()) as { url: string; name: string; size: number }
  expect({ name, size }).toEqual({ name: '图.html', size: 1_000 })
  const got = await fetch(base + url)
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes)
  expect(got.headers.get('content-type')).toBe('application/octet-stream')
  expect(got.headers.get('x-content-type-options')).toBe('nosniff')
})

test('a file without a word is a question, too', async () => {
  const talk = chat()
  const file = { type: 'file', mediaType: 'image/png', url: `${base}/x.png`, filename: 'map.png' } as const
  expect(await talk.sendMessage({ files: [file] }, request)).toBe('done')
  expect(answerOf(talk).text).toContain('map')
})

test('the weather of a day is the same whenever it is asked for', () => {
  const at = Date.UTC(2026, 6, 1, 5)
  for (const city of cities) {
    expect(forecast(city, at, 3)).toEqual(forecast(city, at - 86_400_000, 4).slice(1))
    for (const { low, high, rain } of forecast(city, at, 7)) {
      expect(low).toBeLessThan(high)
      expect(rain).toBeLessThanOrEqual(100)
    }
  }
})
