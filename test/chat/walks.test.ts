import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
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
import { FakeLifecycle } from '../helpers/fake-lifecycle.js'
import { serveHub, type Served } from '../server/http/serve-hub.js'

/** How many walks; many more with WALKS=2000. */
const WALKS = Number(process.env.WALKS ?? 12)

let lifecycle = new FakeLifecycle()
vi.mock('../../src/platform/platform-lifecycle.js', () => ({ platformLifecycle: () => lifecycle }))

let server: Served
/** Runs the server has begun, by the question and what triggered it. */
let runs: string[] = []
/** Of all walks. */
let begun = 0
beforeEach(async () => {
  server = await serveHub({
    start: ({ body }) => {
      const { messages, trigger } = body as { messages: ChatMessage[]; trigger: string }
      const prompt = messageText(messages[messages.length - 1]!)
      return async function* () {
        runs.push(`${trigger} ${prompt}`)
        begun++
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

/** @param writesLeft after so many writes the app dies, in the middle of whatever it does */
function launch(kept: Map<string, string>, id: string, writesLeft = Infinity) {
  let left = writesLeft
  const living = () => left-- > 0
  const device: DeviceStorage = {
    get: (key) => kept.get(key),
    set: (key, text) => void (living() && kept.set(key, text)),
    remove: (key) => void (kept.has(key) && living() && kept.delete(key)),
    subscribe: () => () => undefined,
  }
  const storage = keyValueStorage(device, '')
  const scope = effectScope()
  const key = `walk ${++launches}`
  const chat = scope.run(() =>
    useChat({
      // Who is dead reaches nobody.
      url: () => (left > 0 ? server.base : 'http://127.0.0.1:1'),
      id,
      key,
      storage,
      whenBusy: 'queue',
    }),
  )
  if (!chat) throw new Error('the scope is stopped')
  return {
    ...chat,
    load: () => storage.load(id) as StoredConversation | undefined,
    get isDead() {
      return left <= 0
    },
    /** It dies so many writes from here. */
    dieAfter(writes: number) {
      if (left > 0) left = writes
    },
    /** As a system kills: nothing is written or sent any more, and the producer is not told. */
    kill() {
      left = 0
      scope.stop()
    },
  }
}

type App = ReturnType<typeof launch>

const inView = (messages: readonly ChatMessage[]) =>
  messages.map((message) => [message.id, message.role, messageText(message)])

const isBusy = ({ status }: App) => status.value === 'submitted' || status.value === 'streaming'

const step = fc.oneof(
  {
    arbitrary: fc.constantFrom(...['send', 'send', 'send', 'edit', 'regenerate', 'switch', 'stop', 'kill']),
    weight: 8,
  },
  { arbitrary: fc.constantFrom(...['wait', 'wait', 'wait', 'offline', 'online', 'online']), weight: 6 },
  {
    arbitrary: fc.constantFrom(...['regenerate while busy', 'edit while busy', 'retry', 'restore']),
    weight: 3,
  },
  // It dies at the write with this number, counted from here.
  { arbitrary: fc.nat({ max: 20 }), weight: 1 },
)

/** Questions that a living app has shown. */
const shownBy = (app: App) =>
  [...app.messages.value, ...app.queue.value]
    .filter(({ role }) => role === 'user')
    .map((said) => messageText(said))

/** More than any walk needs. */
const MOST_PUSHES = 20

/** What broke off is asked for again by hand; what a stop or an error lets wait goes on with the next message. */
async function settle(app: App, asked: string[]) {
  for (let pushes = 0; pushes < MOST_PUSHES; pushes++) {
    await eventually(
      () => `at rest, not ${app.status.value} (${app.connection.value}, ${app.error.value?.code})`,
      () => !isBusy(app),
    )
    if (app.status.value === 'error') void app.retry().catch(() => undefined)
    else if (app.queue.value.length > 0) {
      asked.push(`question ${++questions}`)
      void app.sendMessage(asked[asked.length - 1]!).catch(() => undefined)
    } else return
    // What was asked for begins in this turn or the next.
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error(
    `not at rest: ${app.status.value}, ${app.queue.value.length} wait, ${app.error.value?.code}`,
  )
}

async function walk(steps: readonly (string | number)[]) {
  runs = []
  lifecycle = new FakeLifecycle()
  const kept = new Map<string, string>()
  const id = `talk ${++launches}`
  let app = launch(kept, id)
  /** Questions that were in view after a turn in which the app lived: what was shown is not lost. */
  const promised = new Set<string>()
  const asked: string[] = []

  function relaunch() {
    app.kill()
    app = launch(kept, id)
  }

  for (const what of steps) {
    const { value } = app.messages
    const question = value.find(({ role }) => role === 'user')
    const busy = isBusy(app)
    const mayAsk = question && !busy
    if (typeof what === 'number') app.dieAfter(what)
    if (what === 'send' || (what === 'edit' && mayAsk) || (what === 'edit while busy' && question && busy)) {
      const text = `question ${++questions}`
      asked.push(text)
      const messageId = what !== 'send' && question ? { messageId: question.id } : {}
      void app.sendMessage({ text, ...messageId }).catch(() => undefined)
    }
    if ((what === 'regenerate' && mayAsk) || (what === 'regenerate while busy' && question && busy))
      void app.regenerate().catch(() => undefined)
    if (what === 'switch' && mayAsk) app.switchBranch(app.branches(question.id).ids[0]!)
    if (what === 'stop') void app.stop()
    // After a stop it would ask anew: that is another request, of the user's own.
    if (what === 'retry' && app.status.value === 'error') void app.retry().catch(() => undefined)
    if (what === 'kill') relaunch()
    if (what === 'offline') lifecycle.tell('offline')
    if (what === 'online') lifecycle.tell('online')
    // Another page, or another launch beside this one, shows what is stored.
    if (what === 'restore') {
      const other = launch(new Map(kept), id, 0)
      if (!app.isDead)
        expect(inView(other.messages.value).map(([key]) => key)).toEqual(value.map((said) => said.id))
      other.kill()
    }
    if (what === 'wait') await new Promise((resolve) => setTimeout(resolve, 10))
    else await Promise.resolve()
    if (app.isDead) relaunch()
    else for (const text of shownBy(app)) promised.add(text)
  }

  lifecycle.tell('online')
  app.dieAfter(Infinity)
  if (app.isDead) relaunch()
  await settle(app, asked)
  for (const text of asked.slice(-MOST_PUSHES)) if (shownBy(app).includes(text)) promised.add(text)

  const stored = app.load()
  const byKey = new Map(stored?.nodes.map((node) => [node.key, node]))
  const texts = [...byKey.values()]
    .filter(({ message }) => message.role === 'user')
    .map(({ message }) => messageText(message))
  // Every question that was in view is there, each once, and nothing else is.
  expect(new Set(texts).size).toBe(texts.length)
  for (const text of promised) expect(texts).toContain(text)
  for (const text of texts) expect(asked).toContain(text)
  // Each was asked once.
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
}

test(
  'whatever a user does, what was shown is stored, each question is asked once, and the tree is whole',
  async () => {
    const walks = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), walk)
    // Smaller walks take other ways: the first that fails tells more.
    await fc.assert(walks, { numRuns: WALKS, endOnFailure: true })
    expect(begun).toBeGreaterThan(WALKS / 2)
  },
  60_000 + WALKS * 10_000,
)
