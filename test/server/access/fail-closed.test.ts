import { afterEach, describe, expect, it } from 'vitest'
import type { Authorize } from '../../../src/server/access/authorize.js'
import { ownerOnly } from '../../../src/server/access/owner-only.js'
import { eventually } from '../../helpers/eventually.js'
import { posting, readEvents } from '../../helpers/read-events.js'
import { serveHub, type Served } from '../http/serve-hub.js'

const ID = 'abcdefghij0123456789'

let served: Served
afterEach(() => served.close())
const serve = async (options: Parameters<typeof serveHub>[0]) => (served = await serveHub(options))

const statusOf = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${served.base}${path}`, init)
  await response.body?.cancel()
  return response.status
}

describe('an answer that names nobody', () => {
  it.each([undefined, null, '', 0, -0, Number.NaN, Infinity, false, true, {}, ['ann'], Symbol('ann')])(
    'of a look-up (%s) lets nobody start',
    async (nobody) => {
      let started = 0
      await serve({
        authorize: ownerOnly(() => nobody as string),
        start: () => {
          started++
          return async () => undefined
        },
      })
      expect(await statusOf('', posting({}))).toBe(401)
      expect(started).toBe(0)
    },
  )

  it.each([
    undefined,
    null,
    false,
    'ann',
    [],
    { userId: '' },
    { userId: null },
    { userId: 0 },
    { userId: ['ann'] },
    { role: 'admin' },
    { expiresAt: 1 },
  ])('of authorize (%j) lets nobody read', async (answer) => {
    await serve({ authorize: (() => answer) as unknown as Authorize })
    await served.hub.create({ channelId: ID })
    expect(await statusOf(`/${ID}/events?waitMs=0`)).toBe(401)
  })
})

describe('a request with cookies', () => {
  const cookies = ({ headers }: { headers: Readonly<Record<string, string | undefined>> }) =>
    /sid=(\w+)/.exec(headers.cookie ?? '')?.[1]
  const form = { cookie: 'sid=ann', 'content-type': 'application/x-www-form-urlencoded' }

  async function running(cors: readonly string[] = []) {
    await serve({ authorize: ownerOnly(cookies), cors })
    await readEvents(
      served.base,
      posting({ chunks: [{ type: 'start' }], wait: true }, { cookie: 'sid=ann', 'x-channel-id': ID }),
      (events) => events.length > 0,
    )
  }
  const stop = (headers: Record<string, string>) => statusOf(`/${ID}/stop`, { method: 'POST', headers })

  it('from a page of another site is refused, and the run goes on', async () => {
    await running()
    const strange = { ...form, origin: 'https://elsewhere.example' }
    expect(await stop({ ...strange, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await stop(strange)).toBe(403)
    expect(await stop({ ...form, origin: 'null' })).toBe(403)
    expect(await stop({ authorization: 'Basic YW5uOng=', origin: 'https://elsewhere.example' })).toBe(403)
    expect(await served.hub.getInfo(ID)).toMatchObject({ status: 'active' })
  })

  it.each([
    ['its own page', { 'sec-fetch-site': 'same-origin', origin: 'https://behind-a-proxy.example' }],
    ['a page that cors names', { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' }],
    ['no page', {}],
  ])('from %s is served', async (_who, headers) => {
    await running(['https://app.example'])
    expect(await stop({ cookie: 'sid=ann', ...headers })).toBe(200)
  })
})

describe('limits of connections', () => {
  const authorize = ownerOnly(({ headers }) => headers['x-user'])
  const read = (userId: string) => fetch(`${served.base}/of-${userId}`, { headers: { 'x-user': userId } })

  it('hold for each user alone, and a place is free again when a reader has gone', async () => {
    await serve({ authorize, hub: { limits: { connectionsPerUser: 2 } } })
    for (const userId of ['ann', 'ben'])
      await served.hub.create({ channelId: `of-${userId}`, metadata: { userId } })
    const [first, second, third] = [await read('ann'), await read('ann'), await read('ann')]
    expect([first.status, second.status, third.status]).toEqual([200, 200, 429])
    expect((await read('ben')).status).toBe(200)
    await first.body?.cancel()
    await eventually('the place is free', async () => {
      const again = await read('ann')
      return again.status === 200
    })
  })

  it('refuse a start before its producer runs', async () => {
    let started = 0
    await serve({
      authorize,
      hub: { limits: { connections: 1 } },
      start: () => {
        started++
        return async () => undefined
      },
    })
    await served.hub.create({ channelId: 'of-ann', metadata: { userId: 'ann' } })
    expect((await read('ann')).status).toBe(200)
    const start = await fetch(served.base, posting({}, { 'x-user': 'ben' }))
    expect([start.status, start.headers.get('retry-after'), started]).toEqual([503, '5', 0])
  })
})
