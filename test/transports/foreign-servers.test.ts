import 'reflect-metadata'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { Controller, HttpException, Module, Post, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { afterEach, describe, expect, test } from 'vitest'
import { alwaysForeground } from '../../src/core/lifecycle.js'
import { autoDecoder } from '../../src/decoders/auto-decoder.js'
import type { Decoder } from '../../src/decoders/decoder.js'
import { textDecoder } from '../../src/decoders/text.js'
import { uiMessageStream } from '../../src/decoders/ui-message-stream.js'
import { systemClock } from '../../src/platform/system-clock.js'
import type { Channel } from '../../src/run/channel.js'
import { createChannel } from '../../src/run/create-channel.js'
import { httpSource, type HttpSourceOptions } from '../../src/transports/http-source.js'
import { listen } from '../helpers/listen.js'
import { quickPolicy } from './run-session.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function open(
  url: string,
  options: Partial<HttpSourceOptions> = {},
  decoder: Decoder = uiMessageStream,
): Channel {
  return createChannel({
    key: url,
    source: httpSource({ url, ...options }),
    decoder,
    policy: quickPolicy,
    background: 'resume',
    lifecycle: alwaysForeground,
    clock: systemClock,
  })
}

async function at(server: Server): Promise<string> {
  const port = await listen(server)
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${port}`
}

const answering = (answer: (response: ServerResponse) => void) =>
  at(createServer((request, response) => void request.resume().on('end', () => answer(response))))

const deltas = ['你', '好', '，世界', ' 🌏']
const chunkOf = (delta: string) => JSON.stringify({ type: 'text-delta', id: '1', delta })

/** A Nest application whose controller writes `data:` lines by hand, without ids. */
async function startNest() {
  const seen = { posts: 0, cutAfter: Infinity, headers: {} as Record<string, unknown> }

  class ChatController {
    async ask(response: ServerResponse) {
      seen.posts++
      seen.headers = response.req.headers
      if (response.req.headers['authorization'] === 'Bearer nobody')
        throw new HttpException('你没有权限', 403)
      response.setHeader('content-type', 'text/event-stream')
      response.setHeader('cache-control', 'no-cache')
      for (const [index, delta] of deltas.entries()) {
        if (index === seen.cutAfter) return void response.socket?.destroy()
        response.write(`data: ${chunkOf(delta)}\n\n`)
        await delay(5)
      }
      response.end()
    }
  }
  const { prototype } = ChatController
  const method = Object.getOwnPropertyDescriptor(prototype, 'ask') as PropertyDescriptor
  Controller('chat')(ChatController)
  Post()(prototype, 'ask', method)
  Res()(prototype, 'ask', 0)
  class AppModule {
    readonly name = 'app'
  }
  Module({ controllers: [ChatController] })(AppModule)

  const app = await NestFactory.create(AppModule, { logger: false })
  await app.listen(0, '127.0.0.1')
  closers.push(() => app.close())
  return { seen, url: `${await app.getUrl()}/chat` }
}

describe('a NestJS controller that writes data lines without ids', () => {
  test('streams to its end, which is done', async () => {
    const { url, seen } = await startNest()
    const channel = open(url)
    expect(await channel.start('hi')).toBe('done')
    expect(channel.text.value).toBe(deltas.join(''))
    expect(seen.posts).toBe(1)
  })

  test('a lost connection is CONNECTION_LOST with the text kept, and only retry() asks again', async () => {
    const { url, seen } = await startNest()
    const channel = open(url)
    seen.cutAfter = 2
    expect(await channel.start('hi')).toBe('error')
    expect(channel.error.value?.code).toBe('CONNECTION_LOST')
    expect(channel.text.value).toBe('你好')
    expect(seen.posts).toBe(1)
    seen.cutAfter = Infinity
    expect(await channel.retry()).toBe('done')
    expect(channel.text.value).toBe(deltas.join(''))
    expect(seen.posts).toBe(2)
  })

  test('an HttpException tells its reason', async () => {
    const { url } = await startNest()
    const channel = open(url, { headers: { authorization: 'Bearer nobody' } })
    expect(await channel.start('hi')).toBe('error')
    expect(channel.error.value).toMatchObject({ code: 'FORBIDDEN', status: 403, message: '你没有权限' })
  })

  test('gets no header of ours under the protocol sse', async () => {
    const { url, seen } = await startNest()
    await open(url).start('hi')
    expect(seen.headers['x-channel-id']).toMatch(/^[\w-]{24}$/)
    await open(url, { protocol: 'sse' }).start('hi')
    expect(seen.headers['x-channel-id']).toBeUndefined()
  })
})

describe('an Express route that writes text without framing', () => {
  const startExpress = async () => {
    const app = express()
    const seen = { cut: false }
    app.post('/say', async (_request, response) => {
      response.type('text/plain')
      for (const byte of Buffer.from('一二三四 😀 \n\ndata: not an event\n')) {
        response.write(Uint8Array.of(byte))
        await delay(1)
      }
      if (seen.cut) response.socket?.destroy()
      else response.end()
    })
    return { seen, url: `${await at(createServer(app))}/say` }
  }

  test('arrives as text, characters whole', async () => {
    const { url } = await startExpress()
    const channel = open(url, { protocol: 'text' }, textDecoder)
    expect(await channel.start('hi')).toBe('done')
    expect(channel.text.value).toBe('一二三四 😀 \n\ndata: not an event\n')
    expect(channel.text.value).not.toContain('\ufffd')
  })

  test('a cut is CONNECTION_LOST with the text kept', async () => {
    const { url, seen } = await startExpress()
    seen.cut = true
    const channel = open(url, { protocol: 'text' }, textDecoder)
    expect(await channel.start('hi')).toBe('error')
    expect(channel.error.value?.code).toBe('CONNECTION_LOST')
    expect(channel.text.value).toContain('一二三四 😀')
  })

  test('a page of HTML is refused', async () => {
    const url = await answering((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    )
    const channel = open(url, { protocol: 'text' }, textDecoder)
    expect(await channel.start('hi')).toBe('error')
    expect(channel.error.value?.code).toBe('BAD_CONTENT_TYPE')
  })
})

describe('a Hono route', () => {
  test('with named pings without data, comments and [DONE] gives its messages and no empty one', async () => {
    const app = new Hono()
    app.post('/chat', (context) =>
      streamSSE(context, async (stream) => {
        await stream.write('event: ping\n\n')
        for (const delta of deltas) {
          await stream.writeSSE({ data: chunkOf(delta) })
          await stream.write(': keep-alive\n\nevent: ping\n\n')
        }
        await stream.writeSSE({ data: '[DONE]' })
        // Left open: [DONE] is the end.
        await stream.sleep(60_000)
      }),
    )
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
    await new Promise((resolve) => server.once('listening', resolve))
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as { port: number }
    const channel = open(`http://127.0.0.1:${port}/chat`)
    expect(await channel.start('hi')).toBe('done')
    expect(channel.messages.value).toHaveLength(deltas.length)
    expect(channel.text.value).toBe(deltas.join(''))
  })
})

describe('a server that ends lines with CRLF', () => {
  test.each(['\r\n', '\r'])('%j arrives while it streams, pieces cut between CR and LF', async (eol) => {
    const lines = deltas.flatMap((delta) => ['event: message', `data: ${chunkOf(delta)}`, ''])
    const url = await answering(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const byte of Buffer.from(['\ufeff: ping', ...lines, ''].join(eol))) {
        response.write(Uint8Array.of(byte))
        if (byte === 13) await delay(1)
      }
      response.end(`data: [DONE]${eol}${eol}`)
    })
    const channel = open(url)
    expect(await channel.start('hi')).toBe('done')
    expect(channel.text.value).toBe(deltas.join(''))
    expect(channel.messages.value).toHaveLength(deltas.length)
  })
})

describe('errors', () => {
  const error = JSON.stringify({ error: { message: '额度不足', type: 'insufficient_quota', code: 'x' } })

  const refused = async (status: number, type: string | undefined, body: string) => {
    const url = await answering((response) =>
      response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body),
    )
    const channel = open(url)
    expect(await channel.start('hi')).toBe('error')
    return channel.error.value
  }

  test('JSON in a 402 tells its reason', async () => {
    expect(await refused(402, 'application/json', error)).toMatchObject({
      code: 'SERVER_ERROR',
      status: 402,
      message: '额度不足',
      retryable: false,
    })
  })

  test('JSON in a 422 of FastAPI tells its detail', async () => {
    const body = JSON.stringify({ detail: 'prompt is empty' })
    expect(await refused(422, 'application/json', body)).toMatchObject({ message: 'prompt is empty' })
  })

  test.each([['application/json'], ['text/event-stream'], [undefined]])(
    'JSON in a 200 of type %s tells its reason, and is not asked again',
    async (type) => {
      expect(await refused(200, type, error)).toMatchObject({ message: '额度不足', status: 200 })
    },
  )

  test.each([
    [200, '{"code":4100,"msg":"鉴权失败","logid":"x"}'],
    [400, '{"code":336003,"msg":"鉴权失败","data":null}'],
    [401, '{"error_code":110,"error_msg":"鉴权失败"}'],
    [200, '{"base_resp":{"status_code":1004,"status_msg":"鉴权失败"}}'],
  ])('JSON of a Chinese service in a %i tells its words alone: %s', async (status, body) => {
    expect(await refused(status, 'application/json; charset=utf-8', body)).toMatchObject({
      message: '鉴权失败',
      status,
    })
  })

  test('an error inside the stream ends it, with the text before it kept', async () => {
    const url = await answering((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`data: ${chunkOf('你')}\n\ndata: ${error}\n\n`)
    })
    const channel = open(url)
    expect(await channel.start('hi')).toBe('error')
    expect(channel.text.value).toBe('你')
    expect(channel.error.value).toMatchObject({ code: 'PRODUCER_ERROR', message: '额度不足' })
  })

  test('HTML is BAD_CONTENT_TYPE and says what came', async () => {
    const failure = await refused(200, 'text/html', '<!doctype html><title>Login</title>')
    expect(failure?.code).toBe('BAD_CONTENT_TYPE')
    expect(failure?.message).toContain('text/html')
  })
})

describe('content types', () => {
  const stream = `data: ${chunkOf('好')}\n\n`

  test('a missing one is read as a stream', async () => {
    const url = await answering((response) => response.writeHead(200).end(stream))
    const channel = open(url)
    expect(await channel.start('hi')).toBe('done')
    expect(channel.text.value).toBe('好')
  })

  test.each(['text/plain', 'application/octet-stream', 'text/event-stream; charset=gbk'])(
    'under the protocol sse, %s is read as a stream, in UTF-8',
    async (type) => {
      const url = await answering((response) => response.writeHead(200, { 'content-type': type }).end(stream))
      const channel = open(url, { protocol: 'sse' })
      expect(await channel.start('hi')).toBe('done')
      expect(channel.text.value).toBe('好')
    },
  )
})

test('an end that is not followed by a blank line is an end, and half an event is none', async () => {
  const body = (last: string) => `data: {"choices":[{"index":0,"delta":{"content":"你好"}}]}\n\n${last}`
  for (const [last, status] of [
    ['data: [DONE]', 'done'],
    ['data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n', 'done'],
    ['data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]', 'error'],
  ] as const) {
    const base = await answering((response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body(last)),
    )
    const channel = open(base, {}, autoDecoder)
    await channel.start('q')
    expect([last, channel.status.value, channel.text.value]).toEqual([last, status, '你好'])
  }
})
