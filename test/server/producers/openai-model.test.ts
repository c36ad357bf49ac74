import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { ChannelError } from '../../../src/core/channel-error.js'
import { openAIModel, type OpenAIModelOptions } from '../../../src/server/producers/openai-model.js'
import type { UIMessageChunk } from '../../../src/messages/chunk.js'
import { deferred } from '../../helpers/deferred.js'
import { listen, unlisten } from '../../helpers/listen.js'

const KEY = 'sk-very-secret-0123456789'
let server: Server
afterEach(() => unlisten(server))

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void

async function setup(answer: Answer, options: Partial<OpenAIModelOptions> = {}) {
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text) => (body += String(text)))
    request.on('end', () => answer(response, request, body))
  })
  const baseUrl = `http://127.0.0.1:${await listen(server)}/v1/`
  const model = openAIModel({ baseUrl, apiKey: KEY, model: 'm-1', ...options })
  const abort = new AbortController()
  const messages = [{ role: 'user', content: '你好' }] as const
  const context = { channelId: 'c1', signal: abort.signal, metadata: {}, write: async () => undefined }
  const chunks = model({ prompt: '你好', messages })(context) as AsyncIterable<UIMessageChunk>
  return { abort, chunks }
}

async function collect(chunks: AsyncIterable<UIMessageChunk>) {
  const all: UIMessageChunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}

async function failure(chunks: AsyncIterable<UIMessageChunk>): Promise<ChannelError> {
  const error: unknown = await collect(chunks).catch((thrown: unknown) => thrown)
  if (error instanceof ChannelError) return error
  throw new Error(`expected a ChannelError, got ${String(error)}`)
}

const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields, finish_reason: null }] })
const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
const events = (...chunks: object[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
const head = { 'content-type': 'text/event-stream; charset=utf-8' }

describe('openAIModel', () => {
  it('takes an end that no blank line follows for the end', async () => {
    const { chunks } = await setup((response) =>
      response.writeHead(200, head).end(`${events(delta({ content: '你好' }))}data: [DONE]`),
    )
    expect((await collect(chunks)).map(({ type }) => type)).toEqual([
      'start',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ])
  })

  it('asks as the API wants and maps reasoning, text, finish and usage, whatever the cuts', async () => {
    const asked = deferred<{ url: string | undefined; authorization: string | undefined; body: object }>()
    const text =
      events(
        delta({ role: 'assistant', content: '' }),
        delta({ reasoning_content: '想一想' }),
        delta({ content: '你' }),
        delta({ content: '好👋' }),
        finish,
        { choices: [], usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } },
      ) + 'data: [DONE]\n\n'
    const { chunks } = await setup(
      (response, request, body) => {
        const { url, headers } = request
        asked.resolve({ url, authorization: headers.authorization, body: JSON.parse(body) as object })
        response.writeHead(200, head)
        for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]))
        response.end()
      },
      { parameters: { temperature: 0.5 } },
    )
    expect(await collect(chunks)).toEqual([
      { type: 'start', messageId: 'c1' },
      { type: 'reasoning-start', id: 'reasoning-1' },
      { type: 'reasoning-delta', id: 'reasoning-1', delta: '想一想' },
      { type: 'reasoning-end', id: 'reasoning-1' },
      { type: 'text-start', id: 'text-2' },
      { type: 'text-delta', id: 'text-2', delta: '你' },
      { type: 'text-delta', id: 'text-2', delta: '好👋' },
      { type: 'text-end', id: 'text-2' },
      {
        type: 'finish',
        finishReason: 'stop',
        messageMetadata: { usage: { inputTokens: 5, outputTokens: 7, totalTokens: 12 } },
      },
    ])
    expect(await asked.promise).toEqual({
      url: '/v1/chat/completions',
      authorization: `Bearer ${KEY}`,
      body: {
        model: 'm-1',
        messages: [{ role: 'user', content: '你好' }],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0.5,
      },
    })
  })

  it.each([
    [401, 'PRODUCER_ERROR'],
    [429, 'RATE_LIMITED'],
    [500, 'PRODUCER_ERROR'],
  ])('turns status %i into a sentence without the key, also in its cause', async (status, code) => {
    const { chunks } = await setup((response) => {
      response.writeHead(status).end(`Incorrect API key provided: ${KEY}. ${'x'.repeat(5_000_000)}`)
    })
    const error = await failure(chunks)
    expect(error.code).toBe(code)
    expect(error.message).not.toContain('Incorrect')
    expect((error.cause as Error).message).toContain('Incorrect API key provided: ***')
    expect((error.cause as Error).message.length).toBeLessThan(2_100)
  })

  it('fails when the stream breaks off, by its end or by its socket', async () => {
    const ended = await setup((response) =>
      response.writeHead(200, head).end(events(delta({ content: 'a' }))),
    )
    expect(await failure(ended.chunks)).toMatchObject({
      code: 'INCOMPLETE',
      message: expect.stringContaining('[DONE] or a finish_reason') as string,
    })
    await unlisten(server)
    const cut = await setup((response) => {
      response
        .writeHead(200, head)
        .write(events(delta({ content: 'a' })), () => response.socket?.resetAndDestroy())
    })
    expect(await failure(cut.chunks)).toMatchObject({ message: 'The connection to the model broke.' })
  })

  it('fails when an error comes in the stream, when it is no stream, and when nobody answers', async () => {
    const inside = await setup((response) =>
      response.writeHead(200, head).end(events({ error: { message: 'x' } })),
    )
    expect(await failure(inside.chunks)).toMatchObject({ message: 'The model reported an error.' })
    await unlisten(server)
    const page = await setup((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    )
    expect((await failure(page.chunks)).message).toContain('not an event stream')
    await unlisten(server)
    const nobody = openAIModel({ baseUrl: 'http://127.0.0.1:1', apiKey: KEY, model: 'm' })
    const context = {
      channelId: 'c',
      signal: new AbortController().signal,
      metadata: {},
      write: async () => {},
    }
    const chunks = nobody({ prompt: 'x', messages: [] })(context) as AsyncIterable<UIMessageChunk>
    expect((await failure(chunks)).message).toBe('The model could not be reached.')
  })

  it('does not carry the key to where a redirect points', async () => {
    const asked: (string | undefined)[] = []
    const { chunks } = await setup((response, request) => {
      asked.push(request.url)
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect((await failure(chunks)).message).toBe('The model could not be reached.')
    expect(asked).toEqual(['/v1/chat/completions'])
  })

  it('gives up when the first byte or the next piece is late', async () => {
    const timeouts = { firstByteMs: 40, idleMs: 40 }
    const silent = await setup((response) => void response.writeHead(200, head).flushHeaders(), { timeouts })
    expect((await failure(silent.chunks)).message).toBe('The model took too long to answer.')
    await unlisten(server)
    const stuck = await setup(
      (response) => void response.writeHead(200, head).write(events(delta({ content: 'a' }))),
      { timeouts },
    )
    expect((await failure(stuck.chunks)).message).toBe('The model took too long to answer.')
  })

  it('hangs up on the endpoint when it is stopped', async () => {
    const hungUp = deferred()
    const { abort, chunks } = await setup((response) => {
      response.on('close', () => hungUp.resolve())
      response.writeHead(200, head).write(events(delta({ content: 'a' })))
    })
    const reason = new Error('stopped')
    const reading = (async () => {
      for await (const chunk of chunks) if (chunk.type === 'text-delta') abort.abort(reason)
    })()
    await expect(reading).rejects.toBe(reason)
    await hungUp.promise
  })
})
