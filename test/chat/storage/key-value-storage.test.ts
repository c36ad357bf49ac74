import { expect, test } from 'vitest'
import {
  messageText,
  type ChatMessage,
  type ConversationInfo,
  type StoredConversation,
} from '../../../src/index.js'
import type { MessageNode } from '../../../src/chat/message-tree.js'
import type { ConversationChange } from '../../../src/chat/storage/chat-storage.js'
import { keyValueStorage } from '../../../src/chat/storage/key-value-storage.js'
import type { DeviceStorage } from '../../../src/platform/device-storage.js'

/** A device that counts, and whose app dies before the write with this number. */
function createDevice(kept = new Map<string, string>(), dieAt = Infinity) {
  const counts = { reads: 0, writes: 0 }
  const living = () => counts.writes++ < dieAt
  const device: DeviceStorage = {
    get(key) {
      counts.reads++
      return kept.get(key)
    },
    set: (key, text) => void (living() && kept.set(key, text)),
    remove: (key) => void (kept.has(key) && living() && kept.delete(key)),
    subscribe: () => () => undefined,
  }
  return { device, kept, counts }
}

const question = (key: string, text: string, parent?: string): MessageNode => ({
  key,
  parent,
  message: { id: key, role: 'user', parts: [{ type: 'text', text }] },
})

const answer = (key: string, text: string, parent: string, status: ChatMessage['status']): MessageNode => ({
  key,
  parent,
  message: { id: key, role: 'assistant', parts: [{ type: 'text', text }], ...(status && { status }) },
})

const frame = (leaf: string, info: Partial<ConversationInfo> = {}, queue: readonly never[] = []) => ({
  frame: { leaf, queue, info },
})

/** One conversation and all that happens to it: asked, answered in pieces, edited, cut short. */
const history: readonly ConversationChange[] = [
  {
    writer: 'w',
    nodes: [question('q', 'one'), answer('a', '', 'q', 'submitted')],
    removed: [],
    ...frame('a', { title: 'one' }),
  },
  { writer: 'w', nodes: [], removed: [], growth: { key: 'a', change: { p: [[0, 'half ']] } } },
  { writer: 'w', nodes: [], removed: [], growth: { key: 'a', change: { p: [[0, 'and ']] } } },
  // As a whole while it is being written, with something else.
  { writer: 'w', nodes: [answer('a', 'half and more ', 'q', 'streaming')], removed: [], ...frame('a') },
  { writer: 'w', nodes: [], removed: [], growth: { key: 'a', change: { p: [[0, 'of it']] } } },
  { writer: 'w', nodes: [answer('a', 'half and more of it', 'q', 'done')], removed: [], ...frame('a') },
  {
    writer: 'w',
    nodes: [question('e', 'edited'), answer('b', '', 'e', 'submitted')],
    removed: [],
    ...frame('b', { title: 'edited' }),
  },
  { writer: 'w', nodes: [answer('b', 'another', 'e', 'done')], removed: [], ...frame('b') },
  { writer: 'w', nodes: [], removed: ['q', 'a'], ...frame('b', { isPinned: true }) },
  { writer: 'w', nodes: [], removed: ['b'], ...frame('e') },
]

/** What a page shows of it. */
function shown(stored: StoredConversation | undefined): string {
  const byKey = new Map(stored?.nodes.map((node) => [node.key, node]))
  const path: string[] = []
  for (let node = byKey.get(stored?.leaf ?? ''); node; node = byKey.get(node.parent ?? ''))
    path.unshift(messageText(node.message))
  return path.join(' | ')
}

function play(device: DeviceStorage, upTo = history.length) {
  const storage = keyValueStorage(device, 'p:')
  for (const change of history.slice(0, upTo)) void storage.save('talk', change)
  return storage
}

const views = history.map((_, index) =>
  shown(play(createDevice().device, index + 1).load('talk') as StoredConversation),
)

test('is what was written, change by change', () => {
  expect(views).toEqual([
    'one | ',
    'one | half ',
    'one | half and ',
    'one | half and more ',
    'one | half and more of it',
    'one | half and more of it',
    'edited | ',
    'edited | another',
    'edited | another',
    'edited',
  ])
})

test('an app that dies between any two writes leaves the conversation as it was after some change, and listed so', () => {
  const { device, counts } = createDevice()
  play(device)
  expect(counts.writes).toBeGreaterThan(20)
  for (let dieAt = 0; dieAt <= counts.writes; dieAt++) {
    const { device: dying, kept } = createDevice(new Map(), dieAt)
    play(dying)
    const next = keyValueStorage(createDevice(kept).device, 'p:')
    const stored = next.load('talk') as StoredConversation | undefined
    expect(['', ...views], `dead at write ${dieAt}`).toContain(shown(stored))
    expect(next.list(), `dead at write ${dieAt}`).toEqual(stored ? [stored.info] : [])
    // And it can be gone on with.
    const more: ConversationChange = {
      writer: 'x',
      nodes: [question('n', 'next', stored?.leaf)],
      removed: [],
      ...frame('n'),
    }
    void next.save('talk', more)
    const again = keyValueStorage(createDevice(kept).device, 'p:').load('talk') as StoredConversation
    expect(shown(again)).toBe([shown(stored), 'next'].filter((text) => text !== '').join(' | '))
  }
})

const CONVERSATIONS = 300

function fill(device: DeviceStorage) {
  const storage = keyValueStorage(device, 'p:')
  for (let index = 0; index < CONVERSATIONS; index++)
    void storage.save(`c${index}`, {
      writer: 'w',
      nodes: [question('q', 'one')],
      removed: [],
      ...frame('q', { title: `title ${index}` }),
    })
  return storage
}

const titles = (listed: unknown) => (listed as readonly ConversationInfo[]).map(({ title }) => title).sort()

test('a long list is read in a few reads, however many conversations it holds', () => {
  const { device, counts } = createDevice()
  const storage = fill(device)
  counts.reads = 0
  expect(titles(storage.list())).toHaveLength(CONVERSATIONS)
  expect(counts.reads).toBeLessThan(20)
})

test('a change to one of many writes no more than to one of few', () => {
  const sizes = [1, CONVERSATIONS].map((count) => {
    const { device, kept } = createDevice()
    const storage = count === 1 ? keyValueStorage(device, 'p:') : fill(device)
    const change = (index: number): ConversationChange => ({
      writer: 'w',
      nodes: [question(`n${index}`, 'more')],
      removed: [],
      ...frame(`n${index}`),
    })
    void storage.save('c0', change(0))
    let written = 0
    const counting: DeviceStorage = {
      ...device,
      set(key, text) {
        written += text.length
        kept.set(key, text)
      },
    }
    const same = keyValueStorage(counting, 'p:')
    for (let index = 1; index < 20; index++) void same.save('c0', change(index))
    return written
  })
  expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) * 1.2)
})

test('an app that dies while the list is written loses none, shows none that was removed, and knows the newest titles', () => {
  const { counts, device: whole } = createDevice()
  const before = new Map<string, string>()
  fill(createDevice(before).device)
  const act = (device: DeviceStorage) => {
    const storage = keyValueStorage(device, 'p:')
    for (let index = 0; index < 40; index++)
      void storage.save(`c${index}`, {
        writer: 'w',
        nodes: [],
        removed: [],
        ...frame('q', { title: `new ${index}` }),
      })
    for (let index = 40; index < 60; index++) void storage.remove(`c${index}`)
  }
  fill(whole)
  counts.writes = 0
  act(whole)
  expect(counts.writes).toBeGreaterThan(100)
  for (let dieAt = 0; dieAt <= counts.writes; dieAt += 7) {
    const { device, kept } = createDevice(new Map(before), dieAt)
    act(device)
    const next = keyValueStorage(createDevice(kept).device, 'p:')
    const heads: string[] = []
    for (let index = 0; index < CONVERSATIONS; index++) {
      const stored = next.load(`c${index}`) as StoredConversation | undefined
      if (stored) heads.push(stored.info.title)
    }
    expect(titles(next.list()), `dead at write ${dieAt}`).toEqual(heads.sort())
  }
})
