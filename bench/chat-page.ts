import { createRenderer, defineComponent, effectScope, h, nextTick, type PropType } from 'vue'
import { keyValueStorage } from '../src/chat/storage/key-value-storage.js'
import { messageText, useChannelStore, useChat, type ChatMessage } from '../src/index.js'
import { createMemoryDevice, type DeviceStorage } from '../src/platform/device-storage.js'
import { ScriptedSource } from '../test/helpers/scripted-source.js'

const DELTAS = 2_000
const DELTA = '又一个词 '
/** Deltas in the time between two writes of an answer: 50 a second. */
const DELTAS_A_WRITE = 20
/** Timers that wait longer are limits of silence, which nobody reaches here. */
const WRITE_MS = 400

/** Vue's own rendering, into plain objects: what is measured is no browser. */
const { createApp } = createRenderer<object, object>({
  createElement: () => ({}),
  createText: () => ({}),
  createComment: () => ({}),
  insert: () => undefined,
  remove: () => undefined,
  patchProp: () => undefined,
  setText: () => undefined,
  setElementText: () => undefined,
  parentNode: () => null,
  nextSibling: () => null,
})

const OneMessage = defineComponent({
  props: { message: { type: Object as PropType<ChatMessage>, required: true } },
  setup:
    ({ message }) =>
    () =>
      h('text', messageText(message)),
})

/** Time that passes when the bench says so. */
function holdTimers() {
  const { setTimeout: own } = globalThis
  let due: (() => void)[] = []
  globalThis.setTimeout = ((run: () => void, ms = 0) =>
    ms <= WRITE_MS ? due.push(run) : own(() => undefined, 0)) as unknown as typeof setTimeout
  return {
    fire() {
      const all = due
      due = []
      for (const run of all) run()
    },
    release() {
      globalThis.setTimeout = own
    },
  }
}

function openPage(history: number, device: DeviceStorage) {
  const source = new ScriptedSource()
  const messages: ChatMessage[] = Array.from({ length: history }, (_, index) => ({
    id: `m${index}`,
    role: index % 2 ? 'assistant' : 'user',
    parts: [{ type: 'text', text: `message number ${index}, as long as they often are. `.repeat(4) }],
    ...(index % 2 && { status: 'done' as const }),
  }))
  const scope = effectScope()
  const storage = keyValueStorage(device, '')
  const chat = scope.run(() => useChat({ id: 'talk', source, storage, messages }))
  if (!chat) throw new Error('the scope has ended')
  const app = createApp({
    render: () =>
      h(
        'page',
        chat.messages.value.map((message) => h(OneMessage, { key: message.id, message })),
      ),
  })
  app.mount({})
  return {
    source,
    ...chat,
    close() {
      app.unmount()
      scope.stop()
      useChannelStore().clear()
    },
  }
}

let ids = 0
const event = (data: object | string): [string, string] => [
  `a_${ids++}`,
  typeof data === 'string' ? data : JSON.stringify(data),
]

async function streamInto({ source }: { source: ScriptedSource }, deltas: number, write: () => void) {
  source.open()
  for (let index = 0; index < deltas; index++) {
    source.event(...event({ type: 'text-delta', id: 't', delta: DELTA }))
    await nextTick()
    await nextTick()
    if (index % DELTAS_A_WRITE === DELTAS_A_WRITE - 1) write()
  }
  source.event(...event('[DONE]'))
  await nextTick()
}

/** Microseconds of CPU for each delta of an answer, beside so many messages. */
export async function cpuOfDeltas(history: number): Promise<number> {
  ids = 0
  const timers = holdTimers()
  const page = openPage(history, createMemoryDevice())
  try {
    const ended = page.sendMessage('one')
    await nextTick()
    const before = process.cpuUsage()
    await streamInto(page, DELTAS, timers.fire)
    const { user, system } = process.cpuUsage(before)
    if ((await ended) !== 'done') throw new Error('the answer has not ended')
    return (user + system) / DELTAS
  } finally {
    page.close()
    timers.release()
  }
}

/** What a question and its answer cost, keys included, in UTF-8. */
export async function writtenForAnswer(bytes: number) {
  ids = 0
  const deltas = Math.ceil(bytes / Buffer.byteLength(DELTA))
  let writtenBytes = 0
  let writes = 0
  const memory = createMemoryDevice()
  const counting: DeviceStorage = {
    ...memory,
    set(key, text) {
      writes++
      writtenBytes += Buffer.byteLength(key) + Buffer.byteLength(text)
      memory.set(key, text)
    },
  }
  const timers = holdTimers()
  const page = openPage(0, counting)
  try {
    void page.sendMessage('one')
    await streamInto(page, deltas, timers.fire)
    return { writtenBytes, writes, answerBytes: deltas * Buffer.byteLength(DELTA) }
  } finally {
    page.close()
    timers.release()
  }
}
