import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  ConversationHead,
  ConversationName,
  ConversationNode,
  ConversationStore,
} from '../../../src/server/conversations/conversation-store.js'

export interface StoreUnderTest {
  readonly name: string
  /** An empty one. */
  create(): Promise<ConversationStore>
}

const ann = (chatId: string): ConversationName => ({ userId: 'ann', chatId })

function head(id: string, more: Partial<ConversationHead['info']> = {}): ConversationHead {
  const info = { id, title: id, isPinned: false, isUnread: false, createdAt: 1, updatedAt: 1, ...more }
  return { info, leaf: undefined, queue: [], frame: 0, runs: [], aliases: {} }
}

const node = (key: string, text: string, parent?: string): ConversationNode => ({
  key,
  ...(parent !== undefined && { parent }),
  message: { id: key, role: 'user', parts: [{ type: 'text', text }] },
})

const textsOf = (nodes: readonly ConversationNode[] = []) =>
  nodes.map(({ message: { parts } }) => (parts[0]?.type === 'text' ? parts[0].text : undefined))

/** Proves that a store keeps conversations whole, each user's apart. */
export function conversationStoreContract(subject: StoreUnderTest): void {
  describe(`${subject.name} as a store of conversations`, () => {
    let store: ConversationStore
    beforeEach(async () => {
      store = await subject.create()
    })
    afterEach(() => store.close())

    const put = (name: ConversationName, ifRev: number, nodes: readonly ConversationNode[], more = {}) =>
      store.write(name, { ifRev, head: head(name.chatId, more), put: nodes, removed: [] })

    it('gives back what was written, in the order in which it first came', async () => {
      expect(await store.load(ann('a'))).toBeUndefined()
      expect(await put(ann('a'), 0, [node('2', 'two'), node('1', 'one', '2')])).toBe(true)
      const first = await store.load(ann('a'))
      await put(ann('a'), first?.rev ?? -1, [node('0', 'zero', '1'), node('2', 'two again')], {
        title: 'new',
      })
      const record = await store.load(ann('a'))
      expect(textsOf(record?.nodes)).toEqual(['two again', 'one', 'zero'])
      expect(record?.nodes.map(({ parent }) => parent)).toEqual([undefined, '2', '1'])
      expect(record?.head).toEqual(JSON.parse(JSON.stringify(head('a', { title: 'new' }))))
    })

    it('gives the nodes that are asked for, and says nothing of those that are not there', async () => {
      await put(ann('a'), 0, [node('1', 'one'), node('2', 'two'), node('3', 'three')])
      expect(textsOf((await store.load(ann('a'), ['3', 'none', '1']))?.nodes).sort()).toEqual([
        'one',
        'three',
      ])
      expect((await store.load(ann('a'), []))?.nodes).toEqual([])
    })

    it('refuses a write that was made for another state, and writes nothing of it', async () => {
      await put(ann('a'), 0, [node('1', 'one')])
      expect(await put(ann('a'), 0, [node('1', 'of one who is late')], { title: 'late' })).toBe(false)
      const record = await store.load(ann('a'))
      expect(await put(ann('a'), (record?.rev ?? 0) + 7, [node('2', 'two')])).toBe(false)
      expect(textsOf((await store.load(ann('a')))?.nodes)).toEqual(['one'])
      expect((await store.load(ann('a')))?.head.info.title).toBe('a')
      expect(await put(ann('nowhere'), 3, [node('1', 'one')])).toBe(false)
      expect(await store.load(ann('nowhere'))).toBeUndefined()
    })

    it('lets one of many win who write at once, also those who create it', async () => {
      const race = (ifRev: number) =>
        Promise.all(Array.from({ length: 8 }, (_, i) => put(ann('a'), ifRev, [node('1', `of ${i}`)])))
      const isWon = (won: boolean) => won
      expect((await race(0)).filter(isWon)).toHaveLength(1)
      const record = await store.load(ann('a'))
      expect((await race(record?.rev ?? -1)).filter(isWon)).toHaveLength(1)
    })

    it('removes nodes, and puts one that comes back behind the others', async () => {
      await put(ann('a'), 0, [node('1', 'one'), node('2', 'two')])
      const { rev = -1 } = (await store.load(ann('a'))) ?? {}
      await store.write(ann('a'), { ifRev: rev, head: head('a'), put: [], removed: ['1', 'none'] })
      const after = await store.load(ann('a'))
      expect(textsOf(after?.nodes)).toEqual(['two'])
      await put(ann('a'), after?.rev ?? -1, [node('1', 'one again')])
      expect(textsOf((await store.load(ann('a')))?.nodes)).toEqual(['two', 'one again'])
    })

    it('keeps the conversations of users apart, whatever their names and the ids are', async () => {
      const users = [
        'ann',
        'ann ',
        'Ann',
        '{ann}',
        'a:b',
        '张三 👩‍💻',
        '"',
        '\u0000',
        '%',
        '\ud800',
        '__proto__',
        '',
      ]
      for (const userId of users) await put({ userId, chatId: 'same' }, 0, [node('1', `of ${userId}`)])
      for (const userId of users) {
        const kept = await store.load({ userId, chatId: 'same' })
        expect(textsOf(kept?.nodes)).toEqual([`of ${userId}`])
        expect((await store.list(userId, { limit: 50 })).conversations).toHaveLength(1)
      }
      expect(await store.remove({ userId: 'Ann', chatId: 'same' })).toBe(true)
      expect(await store.load(ann('same'))).toBeDefined()
      expect(await store.load({ userId: 'a', chatId: 'same' })).toBeUndefined()
    })

    it('keeps what is called like a field of every object, as any other name', async () => {
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
      for (const name of names) expect(await store.load(ann(name))).toBeUndefined()
      for (const name of names)
        await put(
          ann(name),
          0,
          names.map((key) => node(key, `${key} in ${name}`)),
        )
      for (const name of names) {
        const record = await store.load(ann(name))
        expect(textsOf(record?.nodes)).toEqual(names.map((key) => `${key} in ${name}`))
        expect(textsOf((await store.load(ann(name), ['toString']))?.nodes)).toEqual([`toString in ${name}`])
        await store.write(ann(name), { ifRev: record?.rev ?? -1, head: head(name), put: [], removed: names })
        expect((await store.load(ann(name)))?.nodes).toEqual([])
      }
      const { conversations } = await store.list('ann', { limit: 50 })
      expect(conversations.map(({ id }) => id).sort()).toEqual([...names].sort())
      for (const name of names) expect(await store.remove(ann(name))).toBe(true)
    })

    it('takes no new conversation beyond what its user may have, and goes on with those that are there', async () => {
      const write = (name: ConversationName, ifRev: number) =>
        store.write(name, { ifRev, head: head(name.chatId), put: [node('1', 'one')], removed: [], most: 2 })
      const full = { code: 'CONVERSATION_LIMIT' }
      await write(ann('a'), 0)
      expect(await write(ann('b'), 0)).toBe(true)
      await expect(write(ann('c'), 0)).rejects.toMatchObject(full)
      expect(await store.load(ann('c'))).toBeUndefined()
      // Of one that is there, who is behind hears that it is, and who is not may write.
      expect(await write(ann('a'), 0)).toBe(false)
      expect(await write(ann('a'), (await store.load(ann('a')))?.rev ?? -1)).toBe(true)
      expect(await write({ userId: 'bob', chatId: 'c' }, 0)).toBe(true)
      await store.remove(ann('a'))
      expect(await write(ann('c'), 0)).toBe(true)
    })

    it('keeps every character, and messages of a megabyte', async () => {
      const texts = ['中文 👩‍💻', 'a\u0000b', '\ud83d', '\u2028', '`$1\'"\\', 'x'.repeat(1_000_000)]
      await put(
        ann('a'),
        0,
        texts.map((text, i) => node(`k${i}:~ü`, text)),
        { title: 'a\u0000 \ud83d 标题' },
      )
      const record = await store.load(ann('a'))
      expect(textsOf(record?.nodes)).toEqual(texts)
      expect(record?.head.info.title).toBe('a\u0000 \ud83d 标题')
    })

    it('lists in pages: pinned ones first, then the newest, each once, also those of one time', async () => {
      expect(await store.list('ann', { limit: 50 })).toEqual({ conversations: [] })
      for (let i = 0; i < 12; i++)
        await put(ann(`c${i}`), 0, [], { updatedAt: 1_000 + Math.floor(i / 6), isPinned: i % 5 === 0 })
      await put({ userId: 'bob', chatId: 'b' }, 0, [], { updatedAt: 5_000 })
      const listed: string[] = []
      let after: string | undefined
      for (let pages = 1; pages <= 4; pages++) {
        const page = await store.list('ann', { limit: 4, after })
        listed.push(...page.conversations.map(({ id }) => id))
        after = page.next
        expect(after === undefined).toBe(pages === 3)
        if (after === undefined) break
      }
      expect(listed).toEqual(['c10', 'c5', 'c0', 'c9', 'c8', 'c7', 'c6', 'c11', 'c4', 'c3', 'c2', 'c1'])
      await expect(store.list('ann', { limit: 4, after: 'nonsense' })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    })

    it('lists a conversation where its last write has put it, and as that has described it', async () => {
      for (const id of ['a', 'b', 'c']) await put(ann(id), 0, [], { updatedAt: 1_000 })
      const { rev = -1 } = (await store.load(ann('b'))) ?? {}
      await put(ann('b'), rev, [], { updatedAt: 2_000, title: 'B' })
      const { conversations } = await store.list('ann', { limit: 50 })
      expect(conversations.map(({ title }) => title)).toEqual(['B', 'c', 'a'])
    })

    it('forgets a conversation with all of it, and may have another one of the same id', async () => {
      await put(ann('a'), 0, [node('1', 'one')])
      expect(await store.remove(ann('a'))).toBe(true)
      expect(await store.remove(ann('a'))).toBe(false)
      expect(await store.load(ann('a'))).toBeUndefined()
      expect(await store.list('ann', { limit: 50 })).toEqual({ conversations: [] })
      expect(await put(ann('a'), 0, [node('2', 'two')])).toBe(true)
      expect(textsOf((await store.load(ann('a')))?.nodes)).toEqual(['two'])
    })
  })
}
