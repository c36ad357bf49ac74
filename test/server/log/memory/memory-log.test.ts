import { describe, expect, it } from 'vitest'
import { memoryLog, type MemoryLogOptions } from '../../../../src/server/log/memory/memory-log.js'
import { manualClock } from '../../../helpers/manual-clock.js'
import { draft, eventLogContract, newChannel } from '../event-log.contract.js'

eventLogContract({ name: 'memoryLog', create: async (bounds) => memoryLog(bounds) })

const all = { maxEvents: 100, maxBytes: Infinity }

function setup(options: MemoryLogOptions = {}) {
  const clock = manualClock()
  return { clock, log: memoryLog({ ...options, clock }) }
}

describe('memoryLog', () => {
  it('says for how long it has lost no channel, which is as long as it remembers them', async () => {
    const { clock, log } = setup({ tombstoneMs: 100_000 })
    clock.advance(40_000)
    expect(log.keptMs?.()).toBe(40_000)
    clock.advance(80_000)
    expect(log.keptMs?.()).toBe(100_000)
    expect(setup({ tombstoneMs: 0 }).log.keptMs?.()).toBe(0)
  })

  it('begins anew with that when it forgets one for want of room', async () => {
    const { clock, log } = setup({ maxChannels: 1 })
    for (const name of ['a', 'b', 'c']) {
      clock.advance(10_000)
      await log.create(newChannel(name))
      await log.append(name, [], 'done')
    }
    clock.advance(5_000)
    expect(log.keptMs?.()).toBe(5_000)
  })

  it('trims by age, on a read and without one', async () => {
    const { clock, log } = setup({ maxAgeMs: 60_000 })
    const { epoch } = await log.create(newChannel('a'))
    await log.append('a', [draft('old')])
    clock.advance(40_000)
    await log.append('a', [draft('new')])
    clock.advance(20_000)
    expect(await log.read('a', undefined, all)).toMatchObject({
      batch: { seq: 1, events: [{ data: 'new' }] },
    })
    clock.advance(60_000)
    expect(await log.info('a')).toMatchObject({ events: 0, bytes: 0, earliest: null })
    expect(await log.read('a', { epoch, seq: 0 }, all)).toMatchObject({ kind: 'gap' })
    expect(await log.read('a', { epoch, seq: 1 }, all)).toMatchObject({ kind: 'events' })
  })

  it('keeps an ended channel for maxAgeMs, then remembers only that it was', async () => {
    const { clock, log } = setup({ maxAgeMs: 60_000, tombstoneMs: 100_000 })
    await log.create(newChannel('a', { metadata: { userId: 'u1' } }))
    await log.append('a', [draft('0')], 'done')
    clock.advance(59_999)
    expect(await log.read('a', undefined, all)).toMatchObject({ kind: 'events' })
    clock.advance(1)
    expect(await log.read('a', undefined, all)).toEqual({ kind: 'none' })
    expect(await log.info('a')).toMatchObject({ status: 'expired', events: 0, metadata: { userId: 'u1' } })
    expect(await log.list('expired')).toMatchObject([{ channelId: 'a' }])
    clock.advance(100_000)
    expect(await log.info('a')).toBeUndefined()
    expect(await log.list('expired')).toEqual([])
  })

  it('refuses to run an expired id again and lets a named channel replace it', async () => {
    const { clock, log } = setup()
    await log.create(newChannel('a', { timeoutMs: 1_000 }))
    clock.advance(1_000)
    await expect(log.create(newChannel('a'))).rejects.toMatchObject({ code: 'HISTORY_EXPIRED' })
    await expect(log.create(newChannel('a', { tombstone: 'replace' }))).resolves.toMatchObject({
      channelId: 'a',
    })
    expect(await log.info('a')).toMatchObject({ status: 'active' })
  })

  it('expires an active channel that long after its last append and tells who follows', async () => {
    const { clock, log } = setup()
    await log.create(newChannel('a', { timeoutMs: 30_000 }))
    let gone = 0
    let ended = 0
    await log.follow('a', { batch() {}, gone: () => gone++ })
    log.onEnd('a', () => ended++)
    clock.advance(29_000)
    await log.append('a', [draft('0')])
    clock.advance(29_000)
    expect(gone).toBe(0)
    clock.advance(11_000)
    expect([gone, ended]).toEqual([1, 1])
  })

  it('makes room by the channels that ended first, and is busy when all are active', async () => {
    const { log } = setup({ maxChannels: 3 })
    for (const id of ['a', 'b', 'c']) await log.create(newChannel(id))
    await expect(log.create(newChannel('d'))).rejects.toMatchObject({ code: 'SERVER_BUSY' })
    await log.append('b', [draft('0')], 'done')
    await log.append('a', [draft('0')], 'done')
    await log.create(newChannel('d'))
    expect(await log.info('b')).toMatchObject({ status: 'expired' })
    expect(await log.info('a')).toMatchObject({ status: 'done' })
  })

  it('bounds the bytes of all channels together', async () => {
    const { log } = setup({ maxTotalBytes: 1_000 })
    await log.create(newChannel('a'))
    await log.append('a', [draft('x'.repeat(600))], 'done')
    await log.create(newChannel('b'))
    await log.append('b', [draft('x'.repeat(600))])
    expect(await log.info('a')).toMatchObject({ status: 'expired' })
    await log.append('b', [draft('x'.repeat(600))])
    await expect(log.create(newChannel('c'))).rejects.toMatchObject({ code: 'SERVER_BUSY' })
    await log.remove('b')
    await expect(log.create(newChannel('c'))).resolves.toMatchObject({ channelId: 'c' })
  })

  it('says that all is gone to a reader of an ended channel of which nothing is left', async () => {
    const { clock, log } = setup({ maxAgeMs: 10_000, maxEvents: 0 })
    await log.create(newChannel('a'))
    await log.append('a', [draft('0')], 'done')
    clock.advance(1)
    expect(await log.read('a', undefined, all)).toMatchObject({ kind: 'gap', channel: { earliest: null } })
  })

  it('holds no timer once it is empty or closed', async () => {
    const { clock, log } = setup({ tombstoneMs: 0 })
    expect(clock.pending).toBe(0)
    await log.create(newChannel('a'))
    expect(clock.pending).toBe(1)
    await log.remove('a')
    clock.advance(20_000)
    expect(clock.pending).toBe(0)
    await log.create(newChannel('b'))
    await log.close()
    expect(clock.pending).toBe(0)
  })
})
