import { afterEach, describe, expect, it } from 'vitest'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { manualClock } from '../../helpers/manual-clock.js'
import { serveHub, type Served } from '../http/serve-hub.js'

let served: Served
afterEach(() => served.close())

const get = async (path: string) => {
  const response = await fetch(`${served.base}${path}`)
  return [response.status, await response.json()] as const
}

describe('the routes of the server itself', () => {
  it('say that it lives, and that it is ready until it closes', async () => {
    served = await serveHub()
    expect(await get('/~health')).toEqual([200, { status: 'ok' }])
    expect(await get('/~ready')).toEqual([200, { status: 'ready' }])
    await served.handler.close()
    expect(await get('/~health')).toEqual([200, { status: 'ok' }])
    expect(await get('/~ready')).toEqual([503, { status: 'unavailable' }])
  })

  it('say that it is not ready when its log fails or hangs, though it lives', async () => {
    const failing = { ...memoryLog(), info: () => Promise.reject(new Error('away')) }
    served = await serveHub({ hub: { log: failing } })
    expect(await get('/~ready')).toEqual([503, { status: 'unavailable' }])
    await served.close()
    served = await serveHub({ hub: { log: { ...memoryLog(), info: () => new Promise(() => undefined) } } })
    expect(await get('/~ready')).toEqual([503, { status: 'unavailable' }])
    expect(await get('/~health')).toEqual([200, { status: 'ok' }])
  })

  it('cannot be mistaken for channels, encoded or not', async () => {
    served = await serveHub()
    for (const path of ['/~nothing', '/~health/stream', '/~~'])
      expect(await get(path)).toMatchObject([404, { error: { code: 'CHANNEL_NOT_FOUND' } }])
    expect(await get('/%7Ehealth')).toMatchObject([400, { error: { code: 'BAD_REQUEST' } }])
    await expect(served.hub.create({ channelId: '~health' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('list channels of all users to those who may, newest first, in pages', async () => {
    const clock = manualClock()
    served = await serveHub({
      log: { clock },
      authorize: ({ query }) => ({ userId: 'u1', role: query.has('operator') ? 'operator' : 'user' }),
    })
    for (const channelId of ['a', 'b', 'c']) {
      clock.advance(1_000)
      await served.hub.create({ channelId, metadata: { userId: 'u1' }, timeout: channelId === 'b' ? 1 : 60 })
    }
    expect(await get('/~channels?operator&limit=1')).toMatchObject([
      200,
      { total: 2, channels: [{ channelId: 'c' }] },
    ])
    expect(await get('/~channels?operator&limit=5&offset=1')).toMatchObject([
      200,
      { total: 2, channels: [{ channelId: 'a', metadata: { userId: 'u1' }, status: 'active' }] },
    ])
    expect(await get('/~channels?operator&status=expired')).toMatchObject([
      200,
      { total: 1, channels: [{ channelId: 'b' }] },
    ])
    expect(await get('/~channels')).toMatchObject([403, { error: { code: 'FORBIDDEN' } }])
    for (const query of ['status=all', 'limit=-1', 'offset=x'])
      expect(await get(`/~channels?operator&${query}`)).toMatchObject([
        400,
        { error: { code: 'BAD_REQUEST' } },
      ])
  })

  it('list nothing to anybody where nobody is asked', async () => {
    served = await serveHub()
    expect(await get('/~channels')).toMatchObject([403, { error: { code: 'FORBIDDEN' } }])
  })
})
