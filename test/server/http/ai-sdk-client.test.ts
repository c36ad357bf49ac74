import { Chat } from '@ai-sdk/vue'
import { DefaultChatTransport, type UIMessage } from 'ai'
import { afterEach, expect, it } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { serveHub, type Served } from './serve-hub.js'

let served: Served
afterEach(() => served.close())

/** Counts on, a piece each time it is allowed to, until it is told to end or stopped. */
async function countingServer() {
  let runs = 0
  let next: () => void = () => undefined
  served = await serveHub({
    start: () => {
      const run = ++runs
      return async function* ({ signal }) {
        yield { type: 'start', messageId: `answer-${run}` }
        yield { type: 'text-start', id: 't' }
        for (let n = 0; n < 5; n++) {
          yield { type: 'text-delta', id: 't', delta: `${run}:${n} ` }
          await new Promise<void>((resolve, reject) => {
            next = resolve
            signal.addEventListener('abort', () => reject(signal.reason))
          })
        }
        yield { type: 'text-end', id: 't' }
        yield { type: 'finish' }
      }
    },
  })
  return { runs: () => runs, next: () => next() }
}

const chatAt = (api: string, messages: UIMessage[] = []) =>
  new Chat({ id: 'chat-0123456789', messages, transport: new DefaultChatTransport({ api }) })

const textOf = (message: UIMessage | undefined) =>
  (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')

it("lets the AI SDK's client start, lose its page, and read the same run on by its chat", async () => {
  const server = await countingServer()
  const first = chatAt(served.base)
  const asked = first.sendMessage({ text: 'q' })
  await eventually('the first piece', () => textOf(first.lastMessage) === '1:0 ')
  // The page goes: its connection is cut, and nobody is told to stop.
  await first.stop()
  await asked
  const [question] = first.messages
  const second = chatAt(served.base, question ? [question] : [])
  const resumed = second.resumeStream()
  await eventually('what was missed', () => textOf(second.lastMessage) === '1:0 ')
  for (let n = 1; n < 5; n++) {
    server.next()
    await eventually('the next piece', () => textOf(second.lastMessage).endsWith(`1:${n} `))
  }
  server.next()
  await resumed
  expect([second.status, textOf(second.lastMessage), second.lastMessage?.id]).toEqual([
    'ready',
    '1:0 1:1 1:2 1:3 1:4 ',
    'answer-1',
  ])
  expect(server.runs()).toBe(1)
})

it("tells the AI SDK's client that nothing runs in its chat", async () => {
  await countingServer()
  const chat = chatAt(served.base)
  await chat.resumeStream()
  expect([chat.status, chat.error, chat.messages]).toEqual(['ready', undefined, []])
})

it('stops the newest run of a chat, as the resume guide of the AI SDK has it', async () => {
  await countingServer()
  const chat = chatAt(served.base)
  const asked = chat.sendMessage({ text: 'q' })
  await eventually('the first piece', () => textOf(chat.lastMessage) === '1:0 ')
  const stopped = await fetch(`${served.base}/${chat.id}/stop`, { method: 'POST' })
  expect(stopped.status).toBe(200)
  await asked
  expect((await served.hub.listActive()).length).toBe(0)
  expect(textOf(chat.lastMessage)).toBe('1:0 ')
})
