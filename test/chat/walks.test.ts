import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { effectScope } from 'vue'
import { keyValueStorage } from '../../src/chat/storage/key-value-storage.js'
import {
  messageText,
  useChannelStore,
  useChat,
  type ChatMessage,
  type StoredConversation,
} from '../../src/index.js'
import type { DeviceStorage } from '../../src/platform/device-storage.js'
import { eventually } from '../helpers/eventually.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'

/** How many walks; many more with WALKS=2000. */
const WALKS = Number(process.env.WALKS ?? 12)

let server: Served
/** Runs the server has begun, by the id of the question and what triggered it. */
let runs: string[] = []
beforeEach(async () => {
  runs = []
  server = await serveHub({
    start: ({ body }) => {
      const { messages, trigger } = body as { messages: ChatMessage[]; trigger: string }
      const prompt = messageText(messages[messages.length - 1]!)
      return async function* () {
        runs.push(`${trigger} ${prompt}`)
        for (const word of ['answer ', 'to ', prompt]) {
          yield { type: 'text-delta', id: 't', delta: word }
          await new Promise((resolve) => setTimeout(resolve, 3))
        }
      }
    },
  })
})
afterEach(async () => {
  useChannelStore().clear()
  await server.close()
})

let launches = 0
let questions = 0

function launch(kept: Map<string, string>, id: string) {
  let isAlive = true
  const device: DeviceStorage = {
    get: (key) => kept.get(key),
    set: (key, text) => void (isAlive && kept.set(key, text)),
    remove: (key) => void (isAlive && kept.delete(key)),
    subscribe: () => () => undefined,
  }
  const storage = keyValueStorage(device, '')
  const scope = effectScope()
  const key = `walk ${++launches}`
  const chat = scope.run(() =>
    useChat({
      url: () => (isAlive ? server.base : 'http://127.0.0.1:1'),
      id,
      key,
      storage,
      whenBusy: 'queue',
    }),
  )
  if (!chat) throw new Error('the scope is stopped')
  const load = () => storage.load(id) as StoredConversation | undefined
  /** As a system kills: nothing is written or sent any more, and the producer is not told. */
  function kill() {
    isAlive = false
    scope.stop()
  }
  return { ...chat, load, kill }
}

const inView = (messages: readonly ChatMessage[]) =>
  messages.map((message) => [message.id, message.role, messageText(message)])

const step = fc.constantFrom('send', 'send', 'edit', 'regenerate', 'switch', 'stop', 'kill', 'wait', 'wait')

test('whatever a user does, what is shown is stored, each question is asked once, and the tree is whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      runs = []
      const kept = new Map<string, string>()
      const id = `talk ${++launches}`
      let app = launch(kept, id)
      const asked: string[] = []
      for (const what of steps) {
        const { value } = app.messages
        const question = value.find(({ role }) => role === 'user')
        const isBusy = app.status.value === 'submitted' || app.status.value === 'streaming'
        if (what === 'send' || (what === 'edit' && question && !isBusy)) {
          const text = `question ${++questions}`
          asked.push(text)
          const messageId = what === 'edit' && question ? { messageId: question.id } : {}
          void app.sendMessage({ text, ...messageId }).catch(() => undefined)
        }
        if (what === 'regenerate' && question && !isBusy) void app.regenerate().catch(() => undefined)
        if (what === 'switch' && question && !isBusy) app.switchBranch(app.branches(question.id).ids[0]!)
        if (what === 'stop') void app.stop()
        if (what === 'kill') {
          app.kill()
          app = launch(kept, id)
        }
        if (what === 'wait') await new Promise((resolve) => setTimeout(resolve, 10))
        else await Promise.resolve()
      }
      await eventually(
        'the conversation is at rest',
        () => app.status.value === 'ready' || app.status.value === 'error',
      )
      // What was stopped lets the others wait: they go on with the next message.
      while (app.queue.value.length > 0) {
        asked.push(`question ${++questions}`)
        await app.sendMessage(asked[asked.length - 1]!)
        await eventually(
          'the queue is empty',
          () =>
            app.queue.value.length === 0 &&
            app.status.value !== 'streaming' &&
            app.status.value !== 'submitted',
        )
      }
      const stored = app.load()
      const byKey = new Map(stored?.nodes.map((node) => [node.key, node]))
      const texts = [...byKey.values()]
        .filter(({ message }) => message.role === 'user')
        .map(({ message }) => messageText(message))
      // Every question is there once, and was asked once.
      expect([...texts].sort()).toEqual([...asked].sort())
      const submitted = runs.filter((run) => run.startsWith('submit-message'))
      expect(new Set(submitted).size).toBe(submitted.length)
      // The tree is whole, and what is shown is a path of it.
      for (const { parent } of byKey.values()) if (parent !== undefined) expect(byKey.has(parent)).toBe(true)
      const path: string[] = []
      for (let at = stored?.leaf; at !== undefined; at = byKey.get(at)?.parent)
        path.unshift(messageText(byKey.get(at)!.message))
      expect(path).toEqual(app.messages.value.map((message) => messageText(message)))
      const shown = inView(app.messages.value)
      app.kill()
      const next = launch(kept, id)
      expect(inView(next.messages.value)).toEqual(shown)
      next.kill()
    }),
    { numRuns: WALKS },
  )
})
