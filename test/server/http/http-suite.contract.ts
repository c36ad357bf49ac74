import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChannelError } from '../../../src/core/channel-error.js'
import type { Hub } from '../../../src/server/hub/hub.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import type { HandlerOptions } from '../../../src/server/http/handler-options.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { eventually } from '../../helpers/eventually.js'
import { posting, readEvents, textOf } from '../../helpers/read-events.js'
import { scripted } from './serve-hub.js'

/** A server that runs, with the routes below `/api/chat`. */
export interface Running {
  readonly port: number
  /** `handler.close()` */
  leave(): Promise<void>
  close(): Promise<void>
}

export interface ServerUnderTest {
  readonly name: string
  start(hub: Hub, options: HandlerOptions): Promise<Running>
}

let ids = 0
const newId = () => `adapter-${String(++ids).padStart(16, '0')}`
const delta = (text: string) => ({ type: 'text-delta', id: 't', delta: text })

/** Proves that the routes of docs/protocol.md are whole behind a server of any kind. */
export function httpContract(subject: ServerUnderTest): void {
  describe(`the routes behind ${subject.name}`, () => {
    const hub = createHub({ log: memoryLog({ maxEvents: 50 }), onError: () => undefined })
    let running: Running
    let base: string
    beforeAll(async () => {
      running = await subject.start(hub, {
        basePath: '/api/chat',
        start: ({ body }) => scripted(body),
        cors: ['https://app.example'],
        authorize: ({ headers, query }) => {
          const userId = query.get('token') ?? headers['x-user']
          if (userId === 'nobody') throw new ChannelError('UNAUTHORIZED')
          return userId === undefined ? {} : { userId }
        },
        heartbeatMs: 200,
        limits: { maxBodyBytes: 6_000 },
      })
      base = `http://127.0.0.1:${running.port}/api/chat`
    })
    afterAll(async () => {
      await hub.shutdown()
      await running.leave()
      await running.close()
    })

    const start = async (body: unknown) => {
      const id = newId()
      const answer = await readEvents(base, posting(body, { 'x-channel-id': id }), () => true)
      expect(answer.status).toBe(200)
      return id
    }
    const statusOf = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(base + path, init)
      await response.body?.cancel()
      return response.status
    }

    it('start a run and stream it to its end', async () => {
      const id = newId()
      const body = { chunks: ['你', '好', '👍'].map(delta) }
      const answer = await readEvents(base, posting(body, { 'x-channel-id': id }))
      expect(answer).toMatchObject({ status: 200, ending: 'complete' })
      expect(textOf(answer.events)).toBe('你好👍')
      expect(answer.events.map((event) => event.id.split('_')[1])).toEqual(['0', '1', '2', '3'])
      const headers = Object.fromEntries(answer.headers)
      expect(headers).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
        'x-channel-id': id,
        'x-vercel-ai-ui-message-stream': 'v1',
      })
    })

    it('resume after a cursor, from the header and from the query', async () => {
      const id = await start({ chunks: ['a', 'b', 'c'].map(delta) })
      await eventually('it ends', async () => (await hub.getInfo(id)).status === 'done')
      const { epoch } = await hub.getInfo(id)
      const byHeader = await readEvents(`${base}/${id}/stream`, {
        headers: { 'last-event-id': `${epoch}_0` },
      })
      const byQuery = await readEvents(`${base}/${id}?lastEventId=${epoch}_0`)
      expect([textOf(byHeader.events), textOf(byQuery.events)]).toEqual(['bc', 'bc'])
      expect(await statusOf(`/${id}/stream?lastEventId=${epoch}_3`)).toBe(204)
      expect(await statusOf(`/${id}/stream?lastEventId=${epoch}_9`)).toBe(416)
      expect(await statusOf(`/${id}/stream?lastEventId=x`)).toBe(400)
    })

    it('send what comes at once, heartbeats too, and go on without the reader', async () => {
      const id = newId()
      const body = { chunks: [delta('a')], wait: true }
      const answer = await readEvents(
        base,
        posting(body, { 'x-channel-id': id }),
        (events) => events.length > 0,
      )
      expect(textOf(answer.events)).toBe('a')
      await eventually('the reader is gone', async () => (await hub.getStats()).connections === 0)
      expect(await hub.getInfo(id)).toMatchObject({ status: 'active' })
      const heard = fetch(`${base}/${id}`).then(async (response) => {
        const reader = response.body?.getReader()
        let text = ''
        while (!text.includes(': hb')) text += Buffer.from((await reader?.read())?.value ?? []).toString()
        await reader?.cancel()
        return text
      })
      expect(await heard).toContain('"delta":"a"')
      await hub.stop(id)
    })

    it('stop a run, also twice', async () => {
      const id = await start({ chunks: [delta('a')], wait: true })
      const stop = async () => (await fetch(`${base}/${id}/stop`, { method: 'POST' })).json()
      expect(await stop()).toEqual({ channelId: id, status: 'stopped' })
      expect(await stop()).toEqual({ channelId: id, status: 'stopped' })
    })

    it('answer a long poll at once, when news come, and when the wait is over', async () => {
      const id = await start({ chunks: [delta('a')], wait: true })
      type Answer = { events: unknown[]; cursor: string; ended: boolean }
      const poll = async (query: string) =>
        (await (await fetch(`${base}/${id}/events?${query}`)).json()) as Answer
      const first = await poll('waitMs=5000')
      expect(first).toMatchObject({ events: [{ type: 'message' }], ended: false })
      expect(await poll(`waitMs=20&lastEventId=${first.cursor}`)).toMatchObject({ events: [], ended: false })
      const waiting = poll(`waitMs=5000&lastEventId=${first.cursor}`)
      await hub.stop(id)
      expect(await waiting).toMatchObject({ events: [{}, { data: '[DONE]' }], ended: true })
    })

    it('tell a gap as a status and as an event', async () => {
      const id = await start({ chunks: Array.from({ length: 80 }, (_, i) => delta(String(i))) })
      await eventually('it ends', async () => (await hub.getInfo(id)).status === 'done')
      const { epoch, earliest, last } = await hub.getInfo(id)
      const response = await fetch(`${base}/${id}?lastEventId=${epoch}_0`)
      expect(response.status).toBe(410)
      expect(await response.json()).toMatchObject({ error: { code: 'HISTORY_EXPIRED' }, earliest, last })
      const { events } = await readEvents(`${base}/${id}?lastEventId=${epoch}_0&onGap=event`)
      expect(events[0]).toMatchObject({ type: 'gap' })
      expect(events[1]?.id).toBe(earliest)
    })

    it('refuse what they do not take, as JSON', async () => {
      const id = newId()
      const json = { 'content-type': 'application/json' }
      const post = (body: string, headers: Record<string, string> = json) => ({
        method: 'POST',
        body,
        headers,
      })
      const cases: readonly [string, RequestInit, number, string][] = [
        [`/${id}`, {}, 404, 'CHANNEL_NOT_FOUND'],
        [`/${id}/stop`, { method: 'POST' }, 404, 'CHANNEL_NOT_FOUND'],
        ['/%00%0d%0a', {}, 400, 'BAD_REQUEST'],
        ['', post('{'), 400, 'BAD_REQUEST'],
        [
          '',
          post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
          415,
          'UNSUPPORTED_MEDIA_TYPE',
        ],
        ['', post(JSON.stringify('x'.repeat(7_000))), 413, 'BODY_TOO_LARGE'],
        ['', { ...post('{}'), headers: { ...json, 'x-channel-id': 'short' } }, 400, 'BAD_REQUEST'],
        [`/${id}`, { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
        [`/${id}/send`, post('{"data":1}'), 404, 'CHANNEL_NOT_FOUND'],
      ]
      for (const [path, init, status, code] of cases) {
        const response = await fetch(base + path, init)
        const body = (await response.json()) as { error: { code: string } }
        expect([path, response.status, body.error.code]).toEqual([path, status, code])
      }
    })

    it('ask who it is at every request, and find the token in a query', async () => {
      const id = newId()
      await hub.create({ channelId: id, metadata: { userId: 'u1' } })
      const read = `/${id}/events?waitMs=0`
      expect(await statusOf(read, { headers: { 'x-user': 'u1' } })).toBe(200)
      expect(await statusOf(`${read}&token=u1`)).toBe(200)
      expect(await statusOf(`${read}&token=u2`)).toBe(404)
      expect(await statusOf(`/${id}/stream?token=u2`, { headers: { accept: 'text/event-stream' } })).toBe(404)
      expect(await statusOf(`/${id}/stop?token=u2`, { method: 'POST' })).toBe(404)
      expect(await statusOf(`/${id}/send?token=u2`, posting({ data: 1 }))).toBe(404)
      expect(await statusOf(`/${id}/send?token=u1`, posting({ data: 1 }))).toBe(200)
      expect(await statusOf(`${read}&token=nobody`)).toBe(401)
      expect(await statusOf('/~channels?token=u1')).toBe(403)
    })

    describe('for clients that know the chat and no channel', () => {
      const asking = (chatId: string, body: object = {}) =>
        posting({ id: chatId, messages: [], ...body }, { 'x-user': 'u1' })
      const withUser = (userId: string, init: RequestInit = {}) => ({
        headers: { 'x-user': userId },
        ...init,
      })

      it('read the newest run of it, and 204 where none goes on', async () => {
        const chatId = newId()
        expect(await statusOf(`/${chatId}/stream`, withUser('u1'))).toBe(204)
        await readEvents(base, asking(chatId, { chunks: [delta('old')] }))
        expect(await statusOf(`/${chatId}/stream`, withUser('u1'))).toBe(204)
        const isHeard = (events: readonly unknown[]) => events.length > 0
        await readEvents(base, asking(chatId, { chunks: [delta('new')], wait: true }), isHeard)
        const answer = await readEvents(`${base}/${chatId}/stream`, withUser('u1'), isHeard)
        expect([answer.status, textOf(answer.events)]).toEqual([200, 'new'])
        expect(await statusOf(`/${chatId}/stream`, withUser('u2'))).toBe(204)
        expect(await statusOf(`/${chatId}/stop`, withUser('u2', { method: 'POST' }))).toBe(404)
        const channelId = answer.headers.get('x-channel-id') as string
        expect(await hub.getInfo(channelId)).toMatchObject({ status: 'active' })
        expect(await statusOf(`/${chatId}/stop`, withUser('u1', { method: 'POST' }))).toBe(200)
        expect(await hub.getInfo(channelId)).toMatchObject({ status: 'stopped' })
      })

      it('tell who reads a channel that there is none', async () => {
        const headers = { 'x-user': 'u1' }
        const eventSource = { headers: { ...headers, accept: 'text/event-stream' } }
        expect(await statusOf(`/${newId()}/stream`, eventSource)).toBe(404)
        expect(await statusOf(`/${newId()}`, { headers })).toBe(404)
        expect(await statusOf('/room:1/stream', { headers })).toBe(404)
      })
    })

    it('tell HEAD what GET would, and that the server is well', async () => {
      const id = await start({ chunks: [delta('a')], wait: true })
      const found = await fetch(`${base}/${id}/stream`, { method: 'HEAD' })
      expect([found.status, found.headers.get('x-channel-id'), await found.text()]).toEqual([200, id, ''])
      expect(await statusOf(`/${newId()}`, { method: 'HEAD' })).toBe(404)
      expect([await statusOf('/~health'), await statusOf('/~ready')]).toEqual([200, 200])
      await hub.stop(id)
    })

    it('answer a start with its id alone when a stream is of no use', async () => {
      const id = newId()
      const init = posting({ chunks: [delta('a')] }, { 'x-channel-id': id, accept: 'application/json' })
      const response = await fetch(base, init)
      expect([response.status, await response.json()]).toEqual([
        202,
        { channelId: id, events: [], cursor: null, ended: false },
      ])
    })

    it('answer other origins as the list says', async () => {
      const ask = async (origin: string) => {
        const response = await fetch(base, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'x-a',
          },
        })
        return [response.status, response.headers.get('access-control-allow-origin')]
      }
      expect(await ask('https://app.example')).toEqual([204, 'https://app.example'])
      expect(await ask('https://evil.example')).toEqual([204, null])
    })

    it('end streams in order when the server goes, each with a pause, and refuse what comes then', async () => {
      const ids = await Promise.all([1, 2, 3].map(() => start({ chunks: [delta('a')], wait: true })))
      await eventually('nobody reads', async () => (await hub.getStats()).connections === 0)
      const reading = ids.map((id) => readEvents(`${base}/${id}`))
      await eventually('all read', async () => (await hub.getStats()).connections === 3)
      await running.leave()
      for (const answer of await Promise.all(reading)) {
        expect(answer).toMatchObject({ status: 200, ending: 'complete', events: [{ type: 'message' }] })
        expect(answer.retryMs).toBeGreaterThanOrEqual(100)
      }
      const refused = await fetch(`${base}/${ids[0]}`)
      expect([refused.status, refused.headers.has('retry-after')]).toEqual([503, true])
      expect(await refused.json()).toMatchObject({ error: { code: 'SERVER_BUSY' } })
      expect([await statusOf('/~health'), await statusOf('/~ready')]).toEqual([200, 503])
      for (const id of ids) expect(await hub.getInfo(id)).toMatchObject({ status: 'active' })
    })
  })
}
