import { SignJWT } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { channelTokens } from '../../../src/server/access/channel-tokens.js'
import { ownerOnly } from '../../../src/server/access/owner-only.js'
import { eventually } from '../../helpers/eventually.js'
import { manualClock } from '../../helpers/manual-clock.js'
import { posting, readEvents } from '../../helpers/read-events.js'
import { serveHub, type Served } from '../http/serve-hub.js'

const SECRET = 'a secret that is long enough for this'
const ID = 'abcdefghij0123456789'
const tokens = channelTokens({ secrets: [SECRET] })

let served: Served
afterEach(() => served.close())

const serve = async (options: Parameters<typeof serveHub>[0] = {}) =>
  (served = await serveHub({ authorize: tokens.authorize, ...options }))

const all = ['read', 'write', 'start', 'stop', 'admin'] as const
const tokenOf = (userId: string) => tokens.sign({ userId, actions: all })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const status = async (path: string, token?: string, init: RequestInit = {}) => {
  const response = await fetch(`${served.base}${path}`, {
    ...init,
    headers: { ...(init.headers as Record<string, string>), ...(token && bearer(token)) },
  })
  await response.body?.cancel()
  return response.status
}

/** Everything one can do to a channel; what it is answered with. */
async function tryEverything(token: string) {
  const { epoch } = await served.hub.getInfo(ID)
  return {
    read: await status(`/${ID}`, token),
    resume: await status(`/${ID}/stream`, token, { headers: { 'last-event-id': `${epoch}_0` } }),
    replay: await status(`/${ID}/stream?lastEventId=${epoch}_0&onGap=event`, token),
    poll: await status(`/${ID}/events?waitMs=0`, token),
    stop: await status(`/${ID}/stop`, token, { method: 'POST' }),
    attach: await status('', token, posting({}, { 'x-channel-id': ID })),
    socket: await socketClose(`/${ID}?token=${token}`),
  }
}

/** The code a WebSocket is closed with, or `open` when it is let in. */
function socketClose(path: string, send?: string): Promise<number | 'open'> {
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}/api/chat${path}`)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => send !== undefined && socket.send(send))
    socket.on('close', resolve)
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { type: string }
      if (frame.type !== 'open') return
      resolve('open')
      socket.close()
    })
  })
}

const refused = (code: number) => ({
  read: code,
  resume: code,
  replay: code,
  poll: code,
  stop: code,
  attach: code,
  socket: 4000 + code,
})

describe('a channel of a user', () => {
  const begin = async (token: string) => {
    const body = { chunks: [{ type: 'data-a', data: 1 }], wait: true }
    const started = await readEvents(
      served.base,
      posting(body, { 'x-channel-id': ID, ...bearer(token) }),
      (events) => events.length === 1,
    )
    expect(started.status).toBe(200)
  }

  it('does not exist for other users on first connect, resume, poll, WebSocket, attach and stop', async () => {
    await serve()
    await begin(await tokenOf('u1'))
    expect(await served.hub.getInfo(ID)).toMatchObject({ metadata: { userId: 'u1' } })
    const nothing = { ...refused(404), attach: 403 }
    expect(await tryEverything(await tokenOf('u2'))).toEqual(nothing)
    expect(await served.hub.getInfo(ID)).toMatchObject({ status: 'active' })
    expect(await status(`/${ID}/stop`, await tokenOf('u1'), { method: 'POST' })).toBe(200)
  })

  it('is refused to expired, tampered, foreign and absent tokens', async () => {
    await serve()
    const good = await tokenOf('u1')
    await begin(good)
    const [head, payload, signature] = good.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'u2' })).toString('base64url')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const foreign = channelTokens({ secrets: ['another secret that is long enough, too'] })
    const bad = {
      expired: await tokens.sign({ userId: 'u1', actions: all, lifetimeMs: -1_000 }),
      tampered: `${head}.${forged}.${signature}`,
      unsigned: `${none}.${payload}.`,
      foreign: await foreign.sign({ userId: 'u1', actions: all }),
      'of another audience': await new SignJWT({ actions: all })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('u1')
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(SECRET)),
      garbage: 'x',
      huge: 'x'.repeat(5_000),
      absent: '',
    }
    for (const [name, token] of Object.entries(bad)) {
      expect([name, await tryEverything(token)]).toEqual([name, refused(401)])
    }
  })

  it('takes a token of one channel and of some actions for those only', async () => {
    await serve()
    await begin(await tokenOf('u1'))
    const reading = await tokens.sign({ userId: 'u1', channelId: ID, actions: ['read'] })
    expect(await status(`/${ID}/events?waitMs=0&token=${reading}`)).toBe(200)
    expect(await status(`/${ID}/stop?token=${reading}`, undefined, { method: 'POST' })).toBe(403)
    expect(await status(`?token=${reading}`, undefined, posting({}))).toBe(403)
    const other = await tokens.sign({ userId: 'u1', channelId: 'another' })
    expect(await status(`/${ID}/events?waitMs=0`, other)).toBe(403)
  })

  it('is checked again at a stop over an open WebSocket', async () => {
    await serve()
    await begin(await tokenOf('u1'))
    const reading = await tokens.sign({ userId: 'u1', actions: ['read'] })
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}/api/chat/${ID}?token=${reading}`)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('message', (data) => {
      if ((JSON.parse(String(data)) as { type: string }).type === 'open') socket.send('{"type":"stop"}')
    })
    expect(await closed).toBe(4403)
    expect(await served.hub.getInfo(ID)).toMatchObject({ status: 'active' })
  })

  it('cannot be told from one that is not there, whatever its state and the cursor', async () => {
    const clock = manualClock()
    await serve({ log: { clock, maxEvents: 2 } })
    const { hub } = served
    const stranger = await tokenOf('u2')
    const { epoch } = await hub.create({ channelId: ID, metadata: { userId: 'u1' }, timeout: 60 })
    for (let i = 0; i < 5; i++) await hub.send({ channelId: ID, data: i })
    const ask = async (id: string, path: string, init: RequestInit = {}) => {
      const response = await fetch(`${served.base}/${id}${path}`, {
        ...init,
        headers: {
          accept: 'text/event-stream',
          ...(init.headers as Record<string, string>),
          ...bearer(stranger),
        },
      })
      const { date: _, ...headers } = Object.fromEntries(response.headers)
      return { status: response.status, headers, body: await response.text() }
    }
    const post = { method: 'POST' }
    const asked: [path: string, init?: RequestInit][] = [
      ['/stream'],
      [`/stream?lastEventId=${epoch}_0`],
      [`/stream?lastEventId=${epoch}_0&onGap=event`],
      [`/stream?lastEventId=${epoch}_99`],
      ['/stream?lastEventId=other_1'],
      [`/events?waitMs=0&lastEventId=${epoch}_4`],
      ['/stop', post],
      ['/send', posting({ data: 1 })],
    ]
    const compare = async (state: string) => {
      for (const [path, init] of asked) {
        const [there, nowhere] = [await ask(ID, path, init), await ask('nowhere', path, init)]
        expect([state, path, there]).toEqual([state, path, nowhere])
        expect(there.status).toBe(404)
      }
    }
    await compare('active')
    await hub.close(ID)
    await compare('ended')
    clock.advance(4_000_000)
    expect(await hub.getInfo(ID)).toMatchObject({ status: 'expired' })
    await compare('expired')
    expect(await status('', stranger, posting({}, { 'x-channel-id': ID }))).toBe(403)
  })

  it('belongs to whoever started it, whatever the metadata of the start say', async () => {
    await serve({
      start: () => ({ producer: async () => undefined, metadata: { userId: 'u2', topic: 'a' } }),
    })
    await status('', await tokenOf('u1'), posting({}, { 'x-channel-id': ID }))
    expect((await served.hub.getInfo(ID)).metadata).toEqual({ userId: 'u1', topic: 'a' })
  })

  it('is read by the user whose number it names, and by no other', async () => {
    await serve({ authorize: ownerOnly(({ headers }) => headers['x-user']) })
    const ids: unknown[] = [7, null, true, {}, Number.NaN]
    for (const [i, userId] of ids.entries())
      await served.hub.create({ channelId: `of-${i}`, metadata: { userId } })
    const as = (user: string, i: number) =>
      status(`/of-${i}/events?waitMs=0`, undefined, { headers: { 'x-user': user } })
    expect([await as('7', 0), await as('8', 0)]).toEqual([200, 404])
    for (const i of [1, 2, 3, 4])
      for (const user of [String(ids[i]), 'NO_USER']) expect(await as(user, i)).toBe(404)
    expect(await as('', 1)).toBe(401)
  })

  it('is all there is for ownerOnly: neither channels of nobody nor the list', async () => {
    await serve({ authorize: ownerOnly(({ headers }) => headers['x-user']) })
    await served.hub.create({ channelId: ID, metadata: { userId: 'u1' } })
    await served.hub.create({ channelId: 'of-nobody' })
    const as = (user: string, path: string) => status(path, undefined, { headers: { 'x-user': user } })
    expect(await as('u1', `/${ID}/events?waitMs=0`)).toBe(200)
    expect(await as('u2', `/${ID}/events?waitMs=0`)).toBe(404)
    expect(await as('u1', '/of-nobody/events?waitMs=0')).toBe(404)
    expect(await as('u1', '/~channels')).toBe(403)
    expect(await status(`/${ID}`)).toBe(401)
  })

  it('is read no longer than its token is good, then 401', async () => {
    await serve()
    await begin(await tokenOf('u1'))
    const token = await tokens.sign({ userId: 'u1', actions: ['read'], lifetimeMs: 4_000 })
    const reading = await readEvents(`${served.base}/${ID}?token=${token}`)
    expect(reading).toMatchObject({ status: 200, ending: 'complete', events: [{ type: 'message' }] })
    expect(await status(`/${ID}?token=${token}`)).toBe(401)
    expect(await served.hub.getInfo(ID)).toMatchObject({ status: 'active' })
  })

  it('lets an operator in', async () => {
    await serve({ authorize: () => ({ userId: 'support', role: 'operator' }) })
    await served.hub.create({ channelId: ID, metadata: { userId: 'u1' } })
    expect(await status(`/${ID}/events?waitMs=0`)).toBe(200)
  })
})

describe('tokens', () => {
  it('are accepted of every secret and signed with the first', async () => {
    const next = channelTokens({ secrets: ['the secret that will follow, long enough', SECRET] })
    await serve({ authorize: next.authorize })
    await served.hub.create({ channelId: ID })
    expect(await status(`/${ID}/events?waitMs=0`, await tokenOf('u1'))).toBe(200)
    expect(await status(`/${ID}/events?waitMs=0`, await next.sign({ userId: 'u1' }))).toBe(200)
    await expect(
      tokens.authorize(
        { headers: bearer(await next.sign({ userId: 'u1' })), query: new URLSearchParams(), address: '' },
        { action: 'read', channelId: ID },
      ),
    ).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('need a secret that cannot be guessed', () => {
    expect(() => channelTokens({ secrets: ['short'] })).toThrow(/32 bytes/)
    expect(() => channelTokens({ secrets: [] })).toThrow(/at least one/)
  })

  it('are in no answer and in nothing that is reported', async () => {
    await serve({
      start: () => {
        throw new Error('no model')
      },
    })
    const token = await tokenOf('u1')
    const response = await fetch(`${served.base}?token=${token}`, posting({}, { 'x-channel-id': ID }))
    expect(response.status).toBe(500)
    const told = [await response.text(), ...[...response.headers].flat(), ...served.errors.map(String)]
    expect(told.join('\n')).not.toContain(token)
  })
})

describe('sending over HTTP', () => {
  it('is for those who may write', async () => {
    await serve()
    await served.hub.create({ channelId: ID, metadata: { userId: 'u1' } })
    const send = (token?: string) => status(`/${ID}/send`, token, posting({ data: 'x' }))
    expect(await send()).toBe(401)
    expect(await send(await tokens.sign({ userId: 'u1' }))).toBe(403)
    expect(await send(await tokenOf('u2'))).toBe(404)
    expect(await send(await tokenOf('u1'))).toBe(200)
    expect(await served.hub.getInfo(ID)).toMatchObject({ events: 1 })
  })

  it('is for nobody where nobody is asked', async () => {
    served = await serveHub()
    await served.hub.create({ channelId: ID })
    expect(await status(`/${ID}/send`, undefined, posting({ data: 'x' }))).toBe(403)
  })
})

describe('requests', () => {
  it('are limited for each user, with the time to wait', async () => {
    await serve({ limits: { requests: { capacity: 3, perSecond: 0.001 } } })
    await served.hub.create({ channelId: ID })
    const [one, two] = [await tokenOf('u1'), await tokenOf('u2')]
    const path = `/${ID}/events?waitMs=0`
    expect([await status(path, one), await status(path, one), await status(path, one)]).toEqual([
      200, 200, 200,
    ])
    const response = await fetch(`${served.base}${path}`, { headers: bearer(one) })
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(900)
    expect(await status(path, two)).toBe(200)
  })

  it('of those who guess tokens are limited by their address', async () => {
    await serve({ limits: { requests: { capacity: 5, perSecond: 0.001 } } })
    const answers: number[] = []
    await eventually('it is refused', async () => {
      answers.push(await status(`/${ID}`, `guess${answers.length}`))
      return answers.includes(429)
    })
    expect(answers).toEqual([401, 401, 401, 401, 401, 429])
  })
})
