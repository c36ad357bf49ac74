import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCursor } from '../../../src/core/cursor.js'
import type { Batch, EventDraft, EventLog, NewChannel } from '../../../src/server/log/event-log.js'
import { eventually } from '../../helpers/eventually.js'

/** What a suite's subject is given to keep; small, so that trimming can be seen. */
export interface LogBounds {
  readonly maxEvents: number
  readonly maxBytes: number
}

export interface LogUnderTest {
  readonly name: string
  create(bounds: Partial<LogBounds>): Promise<EventLog>
}

const all = { maxEvents: 10_000, maxBytes: 10_000_000 }

export const draft = (data: string): EventDraft => ({ type: 'message', data })

export const newChannel = (channelId: string, more: Partial<NewChannel> = {}): NewChannel => ({
  channelId,
  kind: 'run',
  format: 'json',
  metadata: {},
  timeoutMs: Infinity,
  tombstone: 'refuse',
  ...more,
})

/** Proves that a log keeps the promise of docs/protocol.md. */
export function eventLogContract(subject: LogUnderTest): void {
  describe(`${subject.name} as an event log`, () => {
    let log: EventLog
    beforeEach(async () => {
      log = await subject.create({})
    })
    afterEach(() => log.close())

    const dataAfter = async (channelId: string, after?: string) => {
      const page = await log.read(channelId, after ? parseCursor(after) : undefined, all)
      return page.kind === 'events' ? page.batch.events.map((event) => event.data) : page.kind
    }

    it('gives ids that are dense from 0 within one epoch', async () => {
      const { epoch } = await log.create(newChannel('a'))
      const first = await log.append('a', [draft('0'), draft('1')])
      const second = await log.append('a', [draft('2')])
      expect([...first, ...second]).toEqual([`${epoch}_0`, `${epoch}_1`, `${epoch}_2`])
    })

    it('gives two lives of one id two epochs', async () => {
      const one = await log.create(newChannel('a'))
      await log.remove('a')
      const two = await log.create(newChannel('a'))
      expect(two.epoch).not.toBe(one.epoch)
      await log.append('a', [draft('x')])
      expect(await dataAfter('a', `${one.epoch}_0`)).toBe('gap')
    })

    it('lets one of two racing creators win', async () => {
      const results = await Promise.allSettled([log.create(newChannel('a')), log.create(newChannel('a'))])
      expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
      await expect(log.create(newChannel('a'))).rejects.toMatchObject({ code: 'CHANNEL_EXISTS' })
    })

    it('lets a name point at the newest channel, until that is gone', async () => {
      expect(await log.pointed('n')).toBeUndefined()
      await log.create(newChannel('a'))
      await log.create(newChannel('b'))
      await log.point('n', 'a')
      await log.point('n', 'b')
      await log.point('other\n', 'a')
      expect([await log.pointed('n'), await log.pointed('other\n')]).toEqual(['b', 'a'])
      await log.append('b', [draft('x')], 'done')
      expect(await log.pointed('n')).toBe('b')
      await log.remove('b')
      expect(await log.pointed('n')).toBeUndefined()
    })

    it('removes what is asked for only, not what was made under its id since', async () => {
      const former = await log.create(newChannel('a'))
      await log.append('a', [draft('0')])
      expect(await log.remove('a', former.epoch)).toBe(true)
      const present = await log.create(newChannel('a'))
      expect(await log.remove('a', former.epoch)).toBe(false)
      expect(await log.info('a')).toMatchObject({ epoch: present.epoch, status: 'active' })
      expect(await log.remove('a', present.epoch)).toBe(true)
      expect(await log.info('a')).toBeUndefined()
    })

    it('reads from the earliest, or after a cursor', async () => {
      await log.create(newChannel('a'))
      const ids = await log.append('a', ['0', '1', '2'].map(draft))
      expect(await dataAfter('a')).toEqual(['0', '1', '2'])
      expect(await dataAfter('a', ids[0])).toEqual(['1', '2'])
      expect(await dataAfter('a', ids[2])).toEqual([])
    })

    it('keeps type and data as they were given', async () => {
      await log.create(newChannel('a'))
      const event = { type: 'end', data: '多行\n文字 👩‍👩‍👧 "\u0000"' }
      await log.append('a', [event])
      const page = await log.read('a', undefined, all)
      expect(page).toMatchObject({ kind: 'events', batch: { events: [event] } })
    })

    it('reads in pages of the limit, at least one event each', async () => {
      await log.create(newChannel('a'))
      await log.append('a', ['aaaa', 'bbbb', 'cccc'].map(draft))
      const byCount = await log.read('a', undefined, { maxEvents: 2, maxBytes: Infinity })
      expect(byCount).toMatchObject({ batch: { seq: 0, ended: false, events: { length: 2 } } })
      const byBytes = await log.read('a', undefined, { maxEvents: 9, maxBytes: 1 })
      expect(byBytes).toMatchObject({ batch: { events: { length: 1 } } })
    })

    it('tells a cursor beyond the tail', async () => {
      const { epoch } = await log.create(newChannel('a'))
      expect(await dataAfter('a', `${epoch}_0`)).toBe('ahead')
      await log.append('a', [draft('0')])
      expect(await dataAfter('a', `${epoch}_0`)).toEqual([])
      expect(await dataAfter('a', `${epoch}_1`)).toBe('ahead')
    })

    it('tells that there is no such channel', async () => {
      expect(await log.read('a', undefined, all)).toEqual({ kind: 'none' })
      expect(await log.info('a')).toBeUndefined()
      expect(await log.remove('a')).toBe(false)
      await expect(log.append('a', [draft('0')])).rejects.toMatchObject({ code: 'CHANNEL_NOT_FOUND' })
      await expect(log.follow('a', { batch() {}, gone() {} })).rejects.toMatchObject({
        code: 'CHANNEL_NOT_FOUND',
      })
    })

    it('takes nothing more after the end', async () => {
      await log.create(newChannel('a'))
      await log.append('a', [draft('0'), draft('end')], 'done')
      await expect(log.append('a', [draft('1')])).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
      await expect(log.append('a', [draft('1')], 'stopped')).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
      expect(await log.info('a')).toMatchObject({ status: 'done', events: 2 })
    })

    it('marks the last page of an ended channel, and only that', async () => {
      await log.create(newChannel('a'))
      const ids = await log.append('a', [draft('0'), draft('1')], 'stopped')
      expect(await log.read('a', undefined, { ...all, maxEvents: 1 })).toMatchObject({
        batch: { ended: false },
      })
      expect(await log.read('a', parseCursor(ids[0]!), all)).toMatchObject({ batch: { ended: true } })
      const drained = await log.read('a', parseCursor(ids[1]!), all)
      expect(drained).toMatchObject({ batch: { ended: true, events: [] } })
    })

    it('follows from a point on, so that read and follow together have no hole', async () => {
      await log.create(newChannel('a'))
      const appended: string[] = []
      let writing = true
      const writer = (async () => {
        for (let i = 0; writing; i++) {
          appended.push(String(i))
          await log.append('a', [draft(String(i))])
          await new Promise((resolve) => setImmediate(resolve))
        }
      })()
      await eventually('some are written', () => appended.length > 50)
      const batches: Batch[] = []
      const following = await log.follow('a', { batch: (batch) => batches.push(batch), gone() {} })
      const page = await log.read('a', undefined, { ...all, maxEvents: following.nextSeq })
      await eventually('some more are written', () => appended.length > following.nextSeq + 50)
      writing = false
      await writer
      await eventually('the last is heard of', () => {
        const last = batches[batches.length - 1]
        return last !== undefined && last.seq + last.events.length === appended.length
      })
      const before = page.kind === 'events' ? page.batch.events : []
      const after = batches.flatMap((batch) => batch.events)
      expect([...before, ...after].map((event) => event.data)).toEqual(appended)
    })

    it('does not call a follower after its stop', async () => {
      await log.create(newChannel('a'))
      const batches: Batch[] = []
      const other: Batch[] = []
      const following = await log.follow('a', { batch: (batch) => batches.push(batch), gone() {} })
      await log.follow('a', { batch: (batch) => other.push(batch), gone() {} })
      following.stop()
      following.stop()
      await log.append('a', [draft('0')])
      await eventually('the other hears', () => other.length === 1)
      expect(batches).toEqual([])
    })

    it('tells followers of the end with its last batch, and of a removal', async () => {
      await log.create(newChannel('a'))
      await log.create(newChannel('b'))
      const heard: string[] = []
      const follower = (name: string) => ({
        batch: (batch: Batch) => void (batch.ended && heard.push(`${name} ended`)),
        gone: () => void heard.push(`${name} gone`),
      })
      await log.follow('a', follower('a'))
      await log.follow('b', follower('b'))
      await log.append('a', [draft('0')], 'done')
      await log.remove('b')
      await eventually('both are told', () => heard.length === 2)
      expect(heard.sort()).toEqual(['a ended', 'b gone'])
    })

    it('tells once that a channel has ended: later, at once, or because it is gone', async () => {
      const heard: string[] = []
      await log.create(newChannel('a'))
      await log.create(newChannel('b'))
      await log.create(newChannel('c'))
      log.onEnd('a', () => heard.push('a'))
      log.onEnd('b', () => heard.push('b'))
      log.onEnd('c', () => heard.push('c'))()
      await log.append('a', [draft('0')])
      expect(heard).toEqual([])
      await log.append('a', [draft('1')], 'error')
      await log.remove('b')
      await log.append('c', [draft('0')], 'done')
      log.onEnd('a', () => heard.push('a again'))
      log.onEnd('nowhere', () => heard.push('nowhere'))
      await eventually('all are told', () => heard.length >= 4)
      expect(heard.sort()).toEqual(['a', 'a again', 'b', 'nowhere'])
    })

    it('tells how it ended', async () => {
      const heard: (string | undefined)[] = []
      for (const id of ['a', 'b', 'c']) {
        await log.create(newChannel(id))
        log.onEnd(id, (status) => heard.push(`${id} ${status}`))
      }
      await log.append('a', [draft('0')], 'error')
      await log.finish('b')
      await log.remove('c')
      await eventually('all are told', () => heard.length === 3)
      log.onEnd('a', (status) => heard.push(`a again ${status}`))
      await eventually('it is told', () => heard.length === 4)
      expect(heard.sort()).toEqual(['a again error', 'a error', 'b stopped', 'c expired'])
    })

    it('ends as its creation said: a run as stopped, a feed as done, once', async () => {
      await log.create(newChannel('a', { ifFinished: [draft('bye')] }))
      await log.create(newChannel('b', { kind: 'feed', timeoutMs: 600_000 }))
      await log.append('a', [draft('0')])
      expect([await log.finish('a'), await log.finish('b'), await log.finish('nowhere')]).toEqual([
        'stopped',
        'done',
        'expired',
      ])
      expect(await log.finish('a')).toBe('stopped')
      expect(await dataAfter('a')).toEqual(['0', 'bye'])
      expect(await log.read('b', undefined, all)).toMatchObject({ batch: { events: [], ended: true } })
      await expect(log.append('a', [draft('1')])).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
    })

    it('tells who follows that it has ended, also where the end is no event', async () => {
      await log.create(newChannel('a'))
      const heard: Batch[] = []
      const follower = { batch: (batch: Batch) => heard.push(batch), gone() {} }
      await log.follow('a', follower)
      await log.append('a', [], 'done')
      await eventually('it hears', () => heard.length === 1)
      await log.follow('a', follower)
      await eventually('it hears', () => heard.length === 2)
      expect(heard).toEqual([
        { seq: 0, events: [], ended: true },
        { seq: 0, events: [], ended: true },
      ])
    })

    it('holds active channels of one key to their quota', async () => {
      const limited = (id: string, key = 'u1') => newChannel(id, { quota: { key, max: 2 } })
      await log.create(limited('a'))
      await log.create(limited('b'))
      await expect(log.create(limited('c'))).rejects.toMatchObject({ code: 'RATE_LIMITED' })
      await log.create(limited('d', 'u2'))
      await log.append('a', [draft('0')], 'done')
      await log.create(limited('c'))
      await log.remove('b')
      await log.create(limited('e'))
      await expect(log.create(limited('f'))).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    })

    it('counts what is active', async () => {
      await log.create(newChannel('a'))
      await log.create(newChannel('b'))
      await log.create(newChannel('c', { timeoutMs: 600_000 }))
      expect(await log.countActive()).toBe(3)
      await log.append('a', [draft('0')], 'done')
      expect(await log.countActive()).toBe(2)
      // How soon this one expires depends on the machine: it may have before it is counted.
      await log.create(newChannel('d', { timeoutMs: 40 }))
      expect([2, 3]).toContain(await log.countActive())
      await eventually('it has expired', async () => (await log.countActive()) === 2)
      expect(await log.info('d')).toMatchObject({ status: 'expired' })
      await log.remove('b')
      await log.remove('c')
      expect(await log.countActive()).toBe(0)
    })

    it('lists what is active', async () => {
      await log.create(newChannel('a', { metadata: { userId: 'u1' } }))
      await log.create(newChannel('b'))
      await log.append('b', [draft('0')], 'done')
      expect(await log.list('active')).toMatchObject([{ channelId: 'a', metadata: { userId: 'u1' } }])
      expect(await log.list('expired')).toEqual([])
    })

    it('describes a channel by what is kept of it', async () => {
      const { epoch } = await log.create(newChannel('a', { kind: 'feed', format: 'ui-message-stream' }))
      expect(await log.info('a')).toMatchObject({ earliest: null, last: null, events: 0, bytes: 0 })
      await log.append('a', [draft('中文'), draft('x')])
      expect(await log.info('a')).toMatchObject({
        channelId: 'a',
        kind: 'feed',
        format: 'ui-message-stream',
        epoch,
        status: 'active',
        earliest: `${epoch}_0`,
        last: `${epoch}_1`,
        events: 2,
        bytes: 7 + 14,
      })
    })

    it('trims by count, and says so to a cursor before the first event kept', async () => {
      await log.close()
      log = await subject.create({ maxEvents: 3 })
      const { epoch } = await log.create(newChannel('a'))
      for (let i = 0; i < 300; i++) await log.append('a', [draft(String(i))])
      expect(await dataAfter('a')).toEqual(['297', '298', '299'])
      expect(await dataAfter('a', `${epoch}_296`)).toEqual(['297', '298', '299'])
      expect(await log.read('a', { epoch, seq: 295 }, all)).toMatchObject({
        kind: 'gap',
        channel: { earliest: `${epoch}_297`, last: `${epoch}_299` },
      })
    })

    it('trims by bytes, and refuses an event that alone is over them', async () => {
      await log.close()
      log = await subject.create({ maxBytes: 40 })
      await log.create(newChannel('a'))
      for (const data of ['a', 'b', 'c', 'd', 'e', 'f']) await log.append('a', [draft(data.repeat(3))])
      expect(await dataAfter('a')).toEqual(['ccc', 'ddd', 'eee', 'fff'])
      await expect(log.append('a', [draft('中'.repeat(12))])).rejects.toMatchObject({
        code: 'EVENT_TOO_LARGE',
      })
      expect(await dataAfter('a')).toEqual(['ccc', 'ddd', 'eee', 'fff'])
    })
  })
}
