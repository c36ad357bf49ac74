import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { ChannelError } from '../../../src/core/channel-error.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { channelTokens } from '../../../src/server/access/channel-tokens.js'
import { logSignals } from '../../../src/server/operations/log-signals.js'
import { eventually } from '../../helpers/eventually.js'
import { posting, readEvents } from '../../helpers/read-events.js'
import { serveHub, type Served, type ServeOptions } from '../http/serve-hub.js'

let served: Served
afterEach(() => served.close())

const ID = 'abcdefghij0123456789'

/** A hub whose signals go through a real pino, and what it wrote. */
async function serveLogged(options: ServeOptions = {}, nameOf?: (id: string) => string) {
  served = await serveHub(options)
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const stop = logSignals(served.hub, logger, nameOf ? { nameOf } : {})
  return { lines, stop, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe('logSignals', () => {
  it('tells of requests, readers, runs and failures, each as one object', async () => {
    const { entries, stop } = await serveLogged()
    await readEvents(served.base, posting({ chunks: [{ type: 'start' }] }, { 'x-channel-id': ID }))
    await fetch(`${served.base}/${ID}/stop`, { method: 'POST' })
    await readEvents(served.base, posting({ chunks: 7 }))
    await eventually(
      'both are gone',
      () => entries().filter(({ event }) => event === 'disconnect').length === 2,
    )
    const found = entries()
    expect(found).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          event: 'answer',
          route: 'start',
          method: 'POST',
          status: 200,
          via: 'http',
        }),
        expect.objectContaining({ event: 'connect', channelId: ID }),
        expect.objectContaining({ event: 'run', channelId: ID, outcome: 'done', level: 30 }),
        expect.objectContaining({ event: 'disconnect', channelId: ID, reason: 'ended' }),
        expect.objectContaining({ event: 'answer', route: 'stop', channelId: ID }),
        expect.objectContaining({ event: 'error', level: 50, code: 'PRODUCER_ERROR', cause: 'TypeError' }),
      ]),
    )
    stop()
    await fetch(`${served.base}/${ID}`)
    expect(entries()).toHaveLength(found.length)
  })

  it('says no payload, no token of a header or a query, and no text of an error', async () => {
    const tokens = channelTokens({ secrets: ['a secret that is long enough for this'] })
    const { lines } = await serveLogged({
      authorize: tokens.authorize,
      start: ({ body }) => {
        const { prompt } = body as { prompt: string }
        if (prompt.includes('fail')) throw new Error(`cannot answer: ${prompt}`)
        return async ({ write }) => {
          await write({ type: 'text-delta', id: 't', delta: 'the ANSWER-7' })
          throw new Error(`model said: ${prompt}`)
        }
      },
    })
    const { base, port } = served
    const token = await tokens.sign({ userId: 'u1', actions: ['read', 'start', 'stop'] })
    const bearer = { authorization: `Bearer ${token}`, cookie: 'session=COOKIE-7' }
    const ask = (prompt: string) => posting({ prompt }, { 'x-channel-id': ID, ...bearer })
    await readEvents(base, ask('PROMPT-7'))
    await fetch(`${base}?token=${token}`, {
      ...ask('fail PROMPT-7'),
      headers: { 'content-type': 'application/json' },
    })
    await fetch(`${base}?token=${token}`, posting('{', { 'content-type': 'application/json' }))
    await readEvents(`${base}/${ID}/stream?token=${token}`)
    await fetch(`${base}/${ID}/events?waitMs=0&token=${token}`)
    await fetch(`${base}/${ID}/stop?token=${token}x`, { method: 'POST' })
    await fetch(`${base}/${token}/stream?token=${token}`)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/chat/${ID}?token=${token}`)
    await new Promise((resolve) => socket.on('close', resolve))
    await eventually('all is told', () => lines.filter((line) => line.includes('"socket"')).length >= 3)
    const text = [...lines, ...served.errors.map((error) => error.code)].join('\n')
    expect(lines.length).toBeGreaterThan(10)
    const [, payload = '', signature = ''] = token.split('.')
    const secrets = ['PROMPT-7', 'ANSWER-7', 'COOKIE-7', 'Bearer', 'token=', payload, signature]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('names channels as it is told, and what is no id not at all', async () => {
    const { lines } = await serveLogged({}, (id) => `#${id.length}`)
    await fetch(`${served.base}/${ID}`)
    await fetch(`${served.base}/a%0d%0a%1b[31mforged`)
    expect(lines.join('')).toContain('"channelId":"#20"')
    expect(lines.join('')).not.toContain(ID)
    expect(lines.join('')).not.toContain('forged')
  })
  it('takes no line of what an error says for a line of where it came from', () => {
    const lines: string[] = []
    const write = (fields: object) => lines.push(JSON.stringify(fields))
    const hub = createHub({ log: memoryLog(), onError: () => undefined })
    logSignals(hub, { debug: write, info: write, warn: write, error: write })
    const cause = new Error('the model said\n    at SECRET-7 (of the user)')
    hub.report(new ChannelError('PRODUCER_ERROR', undefined, { cause }))
    expect(lines.join()).not.toContain('SECRET-7')
    expect(lines.join()).toContain('log-signals.test.ts')
  })
})
