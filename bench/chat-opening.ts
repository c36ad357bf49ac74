// In a page: `fill()` stores conversations; `run(…)` lists them, opens one and shows it, as an app does that is launched.
import { createApp, h } from 'vue'
import { keyValueStorage } from '../src/chat/storage/key-value-storage.js'
import {
  messageText,
  useChat,
  useConversations,
  type UseChatReturn,
  type UseConversationsReturn,
} from '../src/index.js'
import type { MessageNode } from '../src/chat/message-tree.js'
import { createMemoryDevice, type DeviceStorage } from '../src/platform/device-storage.js'

const CONVERSATIONS = 1_000
const MESSAGES = 200
const OPENED = 'c500'

const isMemory = location.search.includes('memory')

const browserDevice: DeviceStorage = {
  get: (key) => localStorage.getItem(key) ?? undefined,
  set: (key, text) => localStorage.setItem(key, text),
  remove: (key) => localStorage.removeItem(key),
  subscribe: () => () => undefined,
}

const device = isMemory ? createMemoryDevice() : browserDevice

const nodes: readonly MessageNode[] = Array.from({ length: MESSAGES }, (_, index) => ({
  key: `m${index}`,
  parent: index === 0 ? undefined : `m${index - 1}`,
  message: {
    id: `m${index}`,
    role: index % 2 ? ('assistant' as const) : ('user' as const),
    parts: [{ type: 'text' as const, text: `第${index}条消息, of some length. `.repeat(index % 2 ? 12 : 2) }],
    ...(index % 2 && { status: 'done' as const, channelId: `channel-${index}` }),
  },
}))

function fill() {
  localStorage.clear()
  const storage = keyValueStorage(device, 'chat:')
  for (let index = 0; index < CONVERSATIONS; index++) {
    const id = `c${index}`
    // A browser's storage has no room for the messages of all of them.
    const isWhole = isMemory || id === OPENED
    void storage.save(id, {
      writer: 'w',
      nodes: isWhole ? nodes : [],
      removed: [],
      frame: {
        leaf: `m${MESSAGES - 1}`,
        queue: [],
        info: { title: `How is it that number ${index} …`, updatedAt: index },
      },
    })
  }
}

// Another object than that of `fill()`: nothing of it is known yet.
const storage = keyValueStorage(device, 'chat:')
let list: UseConversationsReturn | undefined
let chat: UseChatReturn | undefined

/** Each is a task of its own, whose beginning has a mark in traces. */
const phases = {
  list() {
    list = useConversations({ storage })
    if (list.conversations.value.length !== 50)
      throw new Error(`${list.conversations.value.length} are listed`)
  },
  open() {
    chat = useChat({ id: OPENED, storage })
    if (chat.messages.value.length !== MESSAGES) throw new Error(`${chat.messages.value.length} messages`)
  },
  show() {
    createApp({
      render: () => [
        ...(list?.conversations.value ?? []).map(({ id, title }) => h('p', { key: id }, title)),
        ...(chat?.messages.value ?? []).map((message) => h('p', { key: message.id }, messageText(message))),
      ],
    }).mount('#app')
    // The layout, too.
    if (document.body.offsetHeight === 0) throw new Error('nothing is shown')
  },
}

export type Phase = keyof typeof phases

function run(phase: Phase) {
  performance.mark('first piece')
  phases[phase]()
}

Object.assign(window, { fill, run })
