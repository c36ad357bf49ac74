import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { ChannelError } from '../../../src/core/channel-error.js'
import type { UIMessageChunk } from '../../../src/messages/chunk.js'
import { relay, type RelayOptions } from '../../../src/server/producers/relay.js'
import { anthropic } from '../../../src/vendors/anthropic.js'
import { coze } from '../../../src/vendors/coze.js'
import { dify } from '../../../src/vendors/dify.js'
import { langGraph } from '../../../src/vendors/lang-graph.js'
import { ollama } from '../../../src/vendors/ollama.js'
import { openAI } from '../../../src/vendors/openai.js'
import { deferred } from '../../helpers/deferred.js'
import { listen, unlisten } from '../../helpers/listen.js'

const KEY = 'app-very-secret-0123456789'
let server: Server
afterEach(() => server && unlisten(server))

interface Asked {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly body: unknown
}
type Answer = (response: ServerResponse, asked: Asked) => void

async function setup(path: string, options: Omit<RelayOptions, 'url'>, answer: Answer) {
  const asked: Asked[] = []
  server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text) => (body += String(text)))
    request.on('end', () => {
      const { method, url, headers } = request
      const one = {
        method,
        url,
        authorization: headers.authorization,
        body: JSON.parse(body || 'null') as unknown,
      }
      asked.push(one)
      answer(response, one)
    })
  })
  const origin = `http://127.0.0.1:${await listen(server)}`
  const abort = new AbortController()
  const context = { channelId: 'c1', signal: abort.signal, metadata: {}, write: async () => undefined }
  const headers = { authorization: `Bearer ${KEY}` }
  const chunks = relay({ url: origin + path, headers, ...options })(context) as AsyncIterable<UIMessageChunk>
  return { abort, chunks, asked }
}

async function collect(chunks: AsyncIterable<UIMessageChunk>) {
  const all: UIMessageChunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}

async function failure(chunks: AsyncIterable<UIMessageChunk>): Promise<ChannelError> {
  const error: unknown = await collect(chunks).catch((thrown: unknown) => thrown)
  if (error instanceof ChannelError) return error
  throw new Error(`expected a ChannelError, got ${JSON.stringify(error)}`)
}

const textIn = (chunks: readonly UIMessageChunk[]) =>
  chunks.map((chunk) => (chunk.type === 'text-delta' ? chunk.delta : '')).join('')
const data = (...values: readonly object[]) =>
  values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')
const stream = { 'content-type': 'text/event-stream' }
const message = { event: 'message', task_id: 't/1', message_id: 'm', answer: 'a' }

describe('relay', () => {
  it.each([
    ['/v1/chat-messages', '/v1/chat-messages/t%2F1/stop'],
    ['/v1/completion-messages?x=1', '/v1/completion-messages/t%2F1/stop'],
    ['/v1/workflows/run', '/v1/workflows/tasks/t%2F1/stop'],
    ['/v1/workflows/w-1/run', '/v1/workflows/tasks/t%2F1/stop'],
  ])('stops Dify, asked at %s, at %s', async (path, stop) => {
    const stopped = deferred<Asked>()
    const { abort, chunks } = await setup(
      path,
      { vendor: dify, body: { user: 'u', query: 'q' } },
      (response, asked) => {
        if (asked.url?.endsWith('/stop')) {
          response.end('{"result":"success"}')
          return stopped.resolve(asked)
        }
        response.writeHead(200, stream).write(data(message))
      },
    )
    const reason = new Error('stopped')
    const reading = (async () => {
      for await (const chunk of chunks) if (chunk.type === 'text-delta') abort.abort(reason)
    })()
    await expect(reading).rejects.toBe(reason)
    expect(await stopped.promise).toEqual({
      method: 'POST',
      url: stop,
      authorization: `Bearer ${KEY}`,
      body: { user: 'u' },
    })
  })

  it('waits for the id that a stop needs, when it is stopped before the vendor has said anything', async () => {
    const begun = deferred<ServerResponse>()
    const stopped = deferred<Asked>()
    const { abort, chunks } = await setup(
      '/v3/chat?conversation_id=cv',
      { vendor: coze, body: {} },
      (response, asked) => {
        if (asked.url === '/v3/chat/cancel') {
          response.end('{"code":0}')
          return stopped.resolve(asked)
        }
        response.writeHead(200, stream).flushHeaders()
        begun.resolve(response)
      },
    )
    const reading = collect(chunks)
    const response = await begun.promise
    abort.abort(new Error('stopped'))
    response.write(
      'event: conversation.chat.created\ndata: {"id":"ch","conversation_id":"cv","status":"created"}\n\n',
    )
    await expect(reading).rejects.toThrow('stopped')
    expect((await stopped.promise).body).toEqual({ chat_id: 'ch', conversation_id: 'cv' })
  })

  it('stops a run of a LangGraph thread by its id, and hangs up on a vendor that has no stop', async () => {
    const stopped = deferred<Asked>()
    const graph = await setup(
      '/threads/th/runs/stream',
      { vendor: langGraph, body: {} },
      (response, asked) => {
        if (asked.url?.endsWith('/cancel')) {
          response.end()
          return stopped.resolve(asked)
        }
        response.writeHead(200, stream).write('event: metadata\ndata: {"run_id":"r-1"}\n\n')
      },
    )
    const reading = (async () => {
      for await (const chunk of graph.chunks)
        if (chunk.type === 'message-metadata') graph.abort.abort(new Error('stop'))
    })()
    await expect(reading).rejects.toThrow('stop')
    expect((await stopped.promise).url).toBe('/threads/th/runs/r-1/cancel')
    await unlisten(server)

    const hungUp = deferred()
    const plain = await setup('/v1/messages', { vendor: anthropic, body: {} }, (response) => {
      response.on('close', () => hungUp.resolve())
      response.writeHead(200, stream).flushHeaders()
      plain.abort.abort(new Error('stop'))
    })
    await expect(collect(plain.chunks)).rejects.toThrow('stop')
    await hungUp.promise
    expect(plain.asked).toHaveLength(1)
  })

  it('does not stop an answer that is over', async () => {
    const { chunks, asked } = await setup(
      '/v1/chat-messages',
      { vendor: dify, body: { user: 'u' } },
      (response) => {
        response.writeHead(200, stream).end(data(message, { ...message, event: 'message_end' }))
      },
    )
    expect(textIn(await collect(chunks))).toBe('a')
    expect(asked).toHaveLength(1)
  })

  it('passes on that somebody else has stopped the run', async () => {
    const { chunks } = await setup('/v1/workflows/run', { vendor: dify, body: {} }, (response) => {
      response
        .writeHead(200, stream)
        .end(data({ event: 'workflow_finished', task_id: 't', data: { status: 'stopped' } }))
    })
    expect((await collect(chunks)).pop()).toEqual({ type: 'abort' })
  })

  it('reads lines of JSON, cut anywhere, whatever their content type', async () => {
    const lines = [
      '{"model":"m","message":{"content":"你"},"done":false}',
      '{"model":"m","message":{"content":"好"},"done":true}',
    ]
    const { chunks } = await setup('/api/chat', { vendor: ollama, body: {} }, (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      for (const byte of Buffer.from(lines.join('\n'))) response.write(Buffer.from([byte]))
      response.end()
    })
    expect(textIn(await collect(chunks))).toBe('你好')
  })

  it.each([
    ['application/json', '{"code":4100,"msg":"鉴权失败","logid":"x"}', coze, '鉴权失败'],
    [
      'application/json',
      '{"base_resp":{"status_code":1008,"status_msg":"余额不足"},"choices":null}',
      openAI,
      '余额不足',
    ],
    ['text/event-stream', '{"error":{"message":"{\\"error\\":{\\"message\\":\\"欠费\\"}}"}}', openAI, '欠费'],
    ['text/plain', '{"error_code":336003,"error_msg":"参数错误"}', openAI, '参数错误'],
    ['text/event-stream', 'event: error\ndata: 系统繁忙\n\n', dify, '系统繁忙'],
    ['application/json', '{"code":"InvalidKey","message":"bad key KEY"}', langGraph, 'bad key ***'],
  ])('understands an error that came as %s with status 200: %s', async (type, body, vendor, words) => {
    const { chunks } = await setup('/x', { vendor, body: {} }, (response) => {
      response.writeHead(200, { 'content-type': type }).end(body.replace('KEY', KEY))
    })
    const { code, message: told, cause } = await failure(chunks)
    expect([code, told]).toEqual(['PRODUCER_ERROR', 'The model reported an error.'])
    expect((cause as Error).message).toBe(words)
  })

  it('tells the log what a refusal says, in its words and without keys', async () => {
    const { chunks } = await setup('/x?key=query-secret', { vendor: openAI, body: {} }, (response) => {
      response.writeHead(402, { 'content-type': 'application/json' })
      response.end(`{"code":402,"msg":"余额不足 ${KEY} query-secret","data":null}`)
    })
    const { code, message: told, cause } = await failure(chunks)
    expect([code, told]).toEqual(['PRODUCER_ERROR', 'The model refused the request (402).'])
    expect((cause as Error).message).toBe('402 余额不足 *** ***')
  })

  it('takes the key out of an error about a header that can not be sent', async () => {
    const { chunks } = await setup(
      '/x',
      { vendor: openAI, body: {}, headers: () => ({ 'x-key': `${KEY}\nx` }) },
      (response) => response.end(),
    )
    const { cause } = await failure(chunks)
    expect(String((cause as Error).message)).not.toContain(KEY)
  })

  it('reads an answer that comes in one piece of JSON', async () => {
    const { chunks } = await setup('/x', { vendor: openAI, body: {} }, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{"choices":[{"index":0,"message":{"content":"whole"},"finish_reason":"stop"}]}')
    })
    expect(textIn(await collect(chunks))).toBe('whole')
  })

  it('reads an event stream that calls itself text/plain, heartbeats in it too', async () => {
    const { chunks } = await setup('/x', { vendor: openAI, body: {} }, (response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
      response.write('data: : keepalive\n\nevent: ping\ndata: still here\n\n')
      response.write(data({ choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] }))
      response.end('data: : keepalive\n\ndata: [DONE]\n\n')
    })
    expect(textIn(await collect(chunks))).toBe('a')
  })

  it('is done when the connection breaks after the proof of the end, and is not before', async () => {
    const finish = { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }] }
    const late = await setup('/x', { vendor: openAI, body: {} }, (response) => {
      response.writeHead(200, stream).write(data(finish), () => response.socket?.resetAndDestroy())
    })
    expect((await collect(late.chunks)).pop()).toMatchObject({ type: 'finish', finishReason: 'stop' })
    await unlisten(server)
    const early = await setup('/x', { vendor: dify, body: {} }, (response) => {
      response.writeHead(200, stream).write(data(message), () => response.socket?.resetAndDestroy())
    })
    expect((await failure(early.chunks)).message).toBe('The connection to the model broke.')
  })
})

describe('a vendor that there is not', () => {
  it.each(['deepseek', undefined, {}])('is refused by name before anything is asked: %j', (vendor) => {
    const options = { vendor, url: 'https://example.com', body: {} } as unknown as RelayOptions
    expect(() => relay(options)).toThrow(
      expect.objectContaining({
        code: 'BAD_OPTIONS',
        message: expect.stringContaining(`no vendor ${JSON.stringify(vendor)}`) as string,
      }),
    )
  })
})
