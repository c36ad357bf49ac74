import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planAnswer } from '../../../src/server/conversations/plan-answer.js'
import { planChange } from '../../../src/server/conversations/plan-change.js'
import { readAskedAnswer } from '../../../src/server/conversations/read-start.js'
import { readChange } from '../../../src/server/conversations/read-change.js'
import { withPlace } from '../../../src/server/conversations/head.js'
import { memoryConversations } from '../../../src/server/conversations/memory-conversations.js'
import { nodePath, nodesByKey } from '../../../src/server/conversations/node-path.js'
import type {
  ConversationNode,
  ConversationRecord,
} from '../../../src/server/conversations/conversation-store.js'
import { ChannelError } from '../../../src/core/channel-error.js'
import { user } from './serve-conversations.js'

const name = { userId: 'ann', chatId: 'c' }

/** A step of somebody: of the server's starts and ends, or of a device that may be behind. */
const step = fc.oneof(
  fc.record({ does: fc.constant('ask' as const), device: fc.nat(1), at: fc.nat(9), knows: fc.boolean() }),
  fc.record({ does: fc.constant('edit' as const), device: fc.nat(1), at: fc.nat(9), knows: fc.boolean() }),
  fc.record({ does: fc.constant('again' as const), device: fc.nat(1), at: fc.nat(9), knows: fc.boolean() }),
  fc.record({ does: fc.constant('repeat' as const) }),
  fc.record({ does: fc.constant('end' as const), at: fc.nat(9) }),
  fc.record({ does: fc.constant('save' as const), device: fc.nat(1), at: fc.nat(9), renames: fc.boolean() }),
  fc.record({ does: fc.constant('load' as const), device: fc.nat(1) }),
)

/** What must hold whatever was done: a tree without loose ends, an answer for each run, nothing taken back. */
function check(record: ConversationRecord, told: ReadonlyMap<string, string>) {
  const nodes = nodesByKey(record.nodes)
  expect(nodes.size).toBe(record.nodes.length)
  for (const { key, parent } of record.nodes) {
    if (parent !== undefined) expect(nodes.has(parent)).toBe(true)
    expect(nodePath(nodes, key).at(-1)?.key).toBe(key)
    expect(nodePath(nodes, key)[0]?.parent).toBeUndefined()
  }
  if (record.head.leaf !== undefined) expect(nodes.has(record.head.leaf)).toBe(true)
  const runs = record.nodes.flatMap(({ run }) => run?.channelId ?? [])
  expect(new Set(runs).size).toBe(runs.length)
  for (const place of record.head.runs) expect(nodes.get(place.key)?.run?.channelId).toBe(place.channelId)
  for (const [channelId, text] of told) {
    const answer = record.nodes.find(({ run }) => run?.channelId === channelId)
    expect(answer?.message.parts).toEqual([{ type: 'text', text }])
  }
}

it('random walks of two devices and the server leave a whole tree, and every answer that was given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const store = memoryConversations()
      const told = new Map<string, string>()
      /** What each device has loaded last. */
      const devices: (ConversationRecord | undefined)[] = [undefined, undefined]
      let ids = 0
      let lastStart: { readonly body: unknown; readonly channelId: string } | undefined

      async function write(
        plan: (record: ConversationRecord | undefined) => Parameters<typeof store.write>[1],
      ) {
        try {
          expect(await store.write(name, plan(await store.load(name)))).toBe(true)
        } catch (error) {
          // A device that is behind, or names what there is not.
          if (!(error instanceof ChannelError)) throw error
        }
      }

      const start = (body: unknown, channelId: string) =>
        write((record) => {
          const { head, put } = planAnswer(name, record, readAskedAnswer(body, channelId), channelId, ++ids)
          return { ifRev: record?.rev ?? 0, head, put, removed: [] }
        })

      for (const now of steps) {
        const device = 'device' in now ? devices[now.device] : undefined
        const seen = device?.nodes ?? []
        const at = 'at' in now ? seen[now.at % Math.max(seen.length, 1)] : undefined
        const id = ++ids
        if (now.does === 'ask' || now.does === 'edit' || now.does === 'again') {
          const question = seen.find(({ message }) => message.role === 'user')
          const body = {
            id: 'c',
            ...(now.does !== 'again' && { message: user(`q${id}`, `said ${id}`) }),
            ...(now.does === 'ask' && at && now.knows && { parentId: at.message.id }),
            ...(now.does === 'edit' && question && { messageId: question.message.id }),
            ...(now.does === 'again' && { trigger: 'regenerate-message', messageId: at?.message.id }),
            ...(now.knows && { answerId: `a${id}` }),
          }
          lastStart = { body, channelId: `run-${id}` }
          await start(body, lastStart.channelId)
        } else if (now.does === 'repeat') {
          if (lastStart) await start(lastStart.body, lastStart.channelId)
        } else if (now.does === 'end') {
          await write((record) => {
            const open = record?.nodes.filter(({ run }) => run?.state === 'open') ?? []
            const node = open[now.at % Math.max(open.length, 1)]
            if (!record || !node?.run) throw new ChannelError('BAD_REQUEST')
            const text = `answer ${id}`
            told.set(node.run.channelId, text)
            const run = { ...node.run, state: 'settled' } as const
            const message = { ...node.message, status: 'done', parts: [{ type: 'text', text }] } as const
            const head = withPlace(record.head, node.key, run)
            return { ifRev: record.rev, head, put: [{ ...node, message, run }], removed: [] }
          })
        } else if (now.does === 'load') devices[now.device] = await store.load(name)
        else {
          // What it has, under names of its own for answers whose names it has not been told.
          const rename = (key: string | undefined) =>
            now.renames && key?.startsWith('run-') ? `mine-${key}` : key
          const nodes = seen.slice(0, 3).map(({ run: _run, ...node }: ConversationNode) => ({
            ...node,
            key: rename(node.key),
            parent: rename(node.parent),
          }))
          const frame = { leaf: rename(at?.key), queue: [] }
          await write((record) =>
            planChange(name, record, readChange({ rev: device?.head.frame, nodes, frame }), id),
          )
        }
        const record = await store.load(name)
        if (record) check(record, told)
      }
    }),
    { numRuns: 2_000 },
  )
})
