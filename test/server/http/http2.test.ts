import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, createServer, type ClientHttp2Session, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHub } from '../../../src/server/hub/create-hub.js'
import type { Hub } from '../../../src/server/hub/hub.js'
import { createHandler, type Handler } from '../../../src/server/http/create-handler.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { deferred } from '../../helpers/deferred.js'
import { eventually } from '../../helpers/eventually.js'
import { scripted } from './serve-hub.js'

let hub: Hub
let handler: Handler
let server: Http2Server
let client: ClientHttp2Session
const reasons: string[] = []
const errors: unknown[] = []

beforeEach(async () => {
  reasons.length = errors.length = 0
  hub = createHub({ log: memoryLog(), onError: (error) => errors.push(error) })
  hub.observe((signal) => signal.kind === 'disconnect' && reasons.push(signal.reason))
  handler = createHandler(hub, { basePath: '/api/chat', start: ({ body }) => scripted(body) })
  // The compatible API of node:http2, whose types are its own.
  server = createServer((request, response) =>
    handler(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterEach(async () => {
  client.destroy()
  server.close()
  await handler.close()
})

describe('a handler on HTTP/2', () => {
  it('starts, streams to the end, and answers what is not there', async () => {
    const stream = client.request({
      ':method': 'POST',
      ':path': '/api/chat',
      'content-type': 'application/json',
    })
    const chunks = [{ type: 'text-delta', id: 't', delta: '你好' }]
    stream.end(JSON.stringify({ chunks }))
    const [head] = (await once(stream, 'response')) as [Record<string, unknown>]
    expect(head).toMatchObject({ ':status': 200, 'content-type': 'text/event-stream; charset=utf-8' })
    let text = ''
    for await (const piece of stream) text += String(piece)
    expect(text).toContain(`data: ${JSON.stringify(chunks[0])}\n`)
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
    const missing = client.request({ ':path': '/api/chat/nowhere' })
    const [refusal] = (await once(missing, 'response')) as [Record<string, unknown>]
    expect(refusal[':status']).toBe(404)
    expect(errors).toEqual([])
  })

  it('cuts a client that does not read, and hands over one that does', async () => {
    await hub.create({ channelId: 'a' })
    const [stalled, healthy] = [1, 2].map(() => client.request({ ':path': '/api/chat/a' }))
    stalled?.on('error', () => undefined).pause()
    let bytes = 0
    healthy?.on('data', (piece: Buffer) => (bytes += piece.length))
    await eventually('both read', async () => (await hub.getStats()).connections === 2)
    const data = 'x'.repeat(16 * 1024)
    for (let i = 0; i < 200; i++) {
      await hub.send({ channelId: 'a', data })
      await eventually('it is read', () => bytes > (i + 1) * data.length)
    }
    await eventually('it is cut', () => reasons.join() === 'slow')
    let tail = ''
    healthy?.on('data', (piece: Buffer) => (tail = String(piece)))
    const ended = once(healthy!, 'end')
    await handler.close()
    await ended
    expect(tail).toContain('retry: ')
  })

  it('lets go of a client that went while it was asked who it is', async () => {
    const asked = deferred()
    const answer = deferred()
    const limited = createHub({ log: memoryLog(), limits: { connections: 1 } })
    await limited.create({ channelId: 'a-room' })
    const waits = createHandler(limited, {
      start: () => async () => undefined,
      async authorize() {
        asked.resolve()
        await answer.promise
        return { userId: 'ann' }
      },
    })
    const slow = createServer((request, response) =>
      waits(request as unknown as IncomingMessage, response as unknown as ServerResponse),
    )
    slow.listen(0, '127.0.0.1')
    await once(slow, 'listening')
    const visitor = connect(`http://127.0.0.1:${(slow.address() as AddressInfo).port}`)
    try {
      const gone = visitor.request({ ':path': '/a-room' })
      await asked.promise
      gone.close()
      await once(gone, 'close')
      // It is over at the server, too, when that answers what came behind it.
      await once(visitor.request({ ':path': '/~health' }), 'response')
      answer.resolve()
      const next = visitor.request({ ':path': '/a-room' })
      const [head] = (await once(next, 'response')) as [Record<string, unknown>]
      expect(head[':status']).toBe(200)
      next.close()
      await eventually('nobody reads', async () => (await limited.getStats()).connections === 0)
    } finally {
      visitor.destroy()
      slow.close()
      await waits.close()
    }
  })
})
