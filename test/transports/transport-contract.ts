import { Buffer } from 'node:buffer'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ChannelError } from '../../src/core/channel-error.js'
import type { ChannelEvent } from '../../src/core/channel-event.js'
import type { HangUp } from '../../src/core/source.js'
import type { ResponseHead, Transport, TransportRequest } from '../../src/transports/transport.js'
import { answerChunks, chineseAnswer } from '../helpers/chinese-answer.js'
import { beginStream, startHttpServer, type HttpServer } from '../helpers/http-server.js'

/** What a platform can't do; everything else is demanded of every transport. */
export interface Gaps {
  /** The body comes whole, at the end: nothing of a stream that is cut arrives. */
  readonly wholeBody?: true
  /** No status: refusals are known by their body alone. */
  readonly noStatus?: true
  /** No headers, or only at the end: when a stream opens, they are unknown. */
  readonly noHeaders?: true
}

type Call = 'opened' | 'event' | 'activity' | 'retry' | 'finished' | 'ended' | 'lost'

interface Heard {
  readonly calls: Call[]
  readonly events: ChannelEvent[]
  head: ResponseHead | undefined
  error: ChannelError | undefined
  retryMs: number | undefined
  hangUp: HangUp
}

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 30_000, interval: 2 })

const over = (heard: Heard) =>
  heard.calls.some((call) => call === 'finished' || call === 'ended' || call === 'lost')

/** Bytes that make no event yet are told as signs of life, by however many pieces they come in. */
const besidesSigns = ({ calls }: Heard) => calls.filter((call) => call !== 'activity')

const message = (code: string, text = 'why') => JSON.stringify({ error: { code, message: text } })

/** What every transport must do, proven against real servers. */
export function transportContract(
  name: string,
  transport: Transport,
  install: () => () => void,
  gaps: Gaps = {},
) {
  describe(name, () => {
    let server: HttpServer
    let uninstall: () => void

    beforeAll(async () => {
      uninstall = install()
      server = await startHttpServer()
    })
    afterAll(async () => {
      uninstall()
      await server.close()
    })
    beforeEach(() => {
      server.requests.length = 0
    })

    function open(
      request: Partial<TransportRequest> = {},
      onEvent: (heard: Heard) => void = () => undefined,
    ): Heard {
      const heard: Heard = {
        calls: [],
        events: [],
        head: undefined,
        error: undefined,
        retryMs: undefined,
        hangUp: () => undefined,
      }
      heard.hangUp = transport.stream(
        { method: 'GET', url: `${server.url}/stream`, headers: {}, ...request },
        {
          opened(head) {
            heard.calls.push('opened')
            heard.head = head
          },
          event(event) {
            heard.calls.push('event')
            heard.events.push(event)
            onEvent(heard)
          },
          activity: () => heard.calls.push('activity'),
          retry(delayMs) {
            heard.calls.push('retry')
            heard.retryMs = delayMs
          },
          finished: () => heard.calls.push('finished'),
          ended: () => heard.calls.push('ended'),
          lost(error) {
            heard.calls.push('lost')
            heard.error = error
          },
        },
      )
      return heard
    }

    async function hear(request?: Partial<TransportRequest>): Promise<Heard> {
      const heard = open(request)
      await until(() => expect(over(heard)).toBe(true))
      return heard
    }

    test('20 KB of Chinese and emoji, one byte at a time, arrive byte-identical', async () => {
      const chunks = answerChunks()
      server.answer = (_request, response) => {
        beginStream(response)
        const wire = Buffer.from(chunks.map((data, i) => `id: a_${i}\ndata: ${data}\n\n`).join(''))
        for (const byte of wire) response.write(Uint8Array.of(byte))
        response.end()
      }
      const heard = await hear()
      const text = heard.events.map((event) => (JSON.parse(event.data) as { delta: string }).delta).join('')
      expect(Buffer.from(text).equals(Buffer.from(chineseAnswer))).toBe(true)
      expect(heard.events.map((event) => event.id)).toEqual(chunks.map((_, i) => `a_${i}`))
      expect(besidesSigns(heard).filter((call) => call !== 'event')).toEqual(['opened', 'ended'])
    })

    test('sends method, headers and body as asked', async () => {
      server.answer = (_request, response) => beginStream(response).end()
      const body = JSON.stringify({ prompt: '你好 😀' })
      const headers = { 'content-type': 'application/json', 'x-channel-id': 'abc', authorization: 'Bearer t' }
      await hear({ method: 'POST', headers, body })
      expect(server.requests).toMatchObject([{ method: 'POST', url: '/stream', headers, body }])
    })

    test('tells heads, comments and retry, and seeds events without an id', async () => {
      server.answer = (_request, response) => {
        beginStream(response, { 'x-channel-id': 'given' })
        response.end(': hb\n\nretry: 1234\n\ndata: x\n\n')
      }
      const heard = await hear({ lastEventId: 'a_7' })
      expect(heard.calls).toEqual(['opened', 'activity', 'retry', 'event', 'ended'])
      expect(heard.retryMs).toBe(1234)
      expect(heard.events).toEqual([{ id: 'a_7', type: 'message', data: 'x' }])
      if (!gaps.noHeaders) expect(heard.head?.header('x-channel-id')).toBe('given')
      if (!gaps.noHeaders && !gaps.noStatus) expect(heard.head?.status).toBe(200)
    })

    test.skipIf(gaps.wholeBody)('an open stream tells each event when it comes', async () => {
      let write: (text: string) => void = () => undefined
      server.answer = (_request, response) => {
        beginStream(response)
        write = (text) => response.write(text)
        write('id: a_0\ndata: one\n\n')
      }
      const heard = open()
      await until(() => expect(heard.events).toHaveLength(1))
      write('id: a_1\ndata: two\n\n')
      await until(() => expect(heard.events).toHaveLength(2))
      expect(over(heard)).toBe(false)
      heard.hangUp()
    })

    describe('refusals', () => {
      const statuses = [
        [400, 'BAD_REQUEST'],
        [401, 'UNAUTHORIZED'],
        [403, 'FORBIDDEN'],
        [404, 'CHANNEL_NOT_FOUND'],
        [405, 'METHOD_NOT_ALLOWED'],
        [410, 'HISTORY_EXPIRED'],
        [413, 'BODY_TOO_LARGE'],
        [415, 'UNSUPPORTED_MEDIA_TYPE'],
        [416, 'CURSOR_AHEAD'],
        [429, 'RATE_LIMITED'],
        [500, 'SERVER_ERROR'],
        [503, 'SERVER_ERROR'],
      ] as const

      test.skipIf(gaps.noStatus).each(statuses)('a bare %i is %s', async (status, code) => {
        server.answer = (_request, response) =>
          response.writeHead(status, { 'content-type': 'text/html' }).end('<p>no')
        const heard = await hear()
        expect(heard.calls).toEqual(['lost'])
        expect(heard.error).toMatchObject({ code, status })
      })

      test.each([
        [400, 'BAD_CURSOR'],
        [410, 'HISTORY_EXPIRED'],
        [503, 'SERVER_BUSY'],
      ])('a %i that names itself %s is that', async (status, code) => {
        server.answer = (_request, response) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(message(code, '原因'))
        const heard = await hear()
        expect(heard.calls).toEqual(['lost'])
        expect(heard.error).toMatchObject({ code, message: '原因', status: gaps.noStatus ? NaN : status })
      })

      test.skipIf(gaps.noStatus).each([
        ['seconds', () => '7', 7000, 7000],
        ['a date', () => new Date(Date.now() + 60_000).toUTCString(), 50_000, 60_000],
      ])('429 with retry-after in %s tells how long to wait', async (_name, value, least, most) => {
        server.answer = (_request, response) => response.writeHead(429, { 'retry-after': value() }).end()
        const { error } = await hear()
        expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
        expect(error?.retryAfterMs).toBeGreaterThanOrEqual(least)
        expect(error?.retryAfterMs).toBeLessThanOrEqual(most)
      })

      test('a page of HTML instead of a stream is BAD_CONTENT_TYPE', async () => {
        server.answer = (_request, response) =>
          response
            .writeHead(200, { 'content-type': 'text/html' })
            .end('\n <!doctype html><title>Log in</title>')
        const heard = await hear()
        expect(heard.calls).toEqual(['lost'])
        expect(heard.error).toMatchObject({ code: 'BAD_CONTENT_TYPE', retryable: false })
        expect(heard.error?.message).toContain('doctype')
      })

      test.each(['application/json', undefined])(
        'an error in JSON inside a 200 of type %s is that error',
        async (type) => {
          server.answer = (_request, response) => {
            if (type) response.setHeader('content-type', type)
            for (const byte of Buffer.from(message('RATE_LIMITED', '稍后再试')))
              response.write(Uint8Array.of(byte))
            response.end()
          }
          const heard = await hear()
          expect(heard.calls).toEqual(['lost'])
          expect(heard.error).toMatchObject({ code: 'RATE_LIMITED', message: '稍后再试' })
        },
      )

      test('HTML of no type, begun with white space and one byte at a time, is BAD_CONTENT_TYPE', async () => {
        server.answer = (_request, response) => {
          for (const byte of Buffer.from('\r\n  <html></html>')) response.write(Uint8Array.of(byte))
          response.end()
        }
        const heard = await hear()
        expect(heard.calls).toEqual(['lost'])
        expect(heard.error?.code).toBe('BAD_CONTENT_TYPE')
      })

      test('a refusal of megabytes is read and told like a short one', async () => {
        server.answer = (_request, response) =>
          response.writeHead(403, { 'content-type': 'text/html' }).end('<p>' + 'x'.repeat(3_000_000))
        expect((await hear()).error?.code).toBe(gaps.noStatus ? 'BAD_CONTENT_TYPE' : 'FORBIDDEN')
      })
    })

    test.skipIf(gaps.noStatus)('204 is finished, and nothing else', async () => {
      server.answer = (_request, response) => response.writeHead(204).end()
      expect((await hear()).calls).toEqual(['finished'])
    })

    test('a stream of no content type is read, after its first character shows that it is one', async () => {
      server.answer = (_request, response) => {
        response.writeHead(200)
        for (const byte of Buffer.from('\ufeff\n\ndata: 好\n\n')) response.write(Uint8Array.of(byte))
        response.end()
      }
      const heard = await hear()
      expect(besidesSigns(heard)).toEqual(['opened', 'event', 'ended'])
      expect(heard.events[0]?.data).toBe('好')
    })

    test('a socket destroyed before the head is CONNECTION_LOST', async () => {
      server.answer = (_request, response) => response.socket?.destroy()
      const heard = await hear()
      expect(heard.calls).toEqual(['lost'])
      expect(heard.error).toMatchObject({ code: 'CONNECTION_LOST', retryable: true, status: undefined })
    })

    test('a socket destroyed in the body is CONNECTION_LOST after what arrived', async () => {
      let destroy: () => void = () => undefined
      server.answer = (_request, response) => {
        destroy = () => response.socket?.destroy()
        beginStream(response).write('id: a_0\ndata: one\n\nid: a_1\ndata: cut')
      }
      const heard = open()
      await until(() => expect(server.requests).toHaveLength(1))
      if (!gaps.wholeBody) await until(() => expect(heard.events).toHaveLength(1))
      destroy()
      await until(() => expect(over(heard)).toBe(true))
      expect(heard.events.map((event) => event.id)).toEqual(gaps.wholeBody ? [] : ['a_0'])
      expect(heard.calls[heard.calls.length - 1]).toBe('lost')
      expect(heard.error?.code).toBe('CONNECTION_LOST')
    })

    test('bytes that make no event yet are signs of life', async () => {
      if (gaps.wholeBody) return
      let go: () => void = () => undefined
      server.answer = (_request, response) => {
        beginStream(response).write('data: a long eve')
        go = () => response.write('\n\n')
      }
      const heard = open()
      await until(() => expect(heard.calls).toContain('activity'))
      expect(heard.events).toEqual([])
      go()
      await until(() => expect(heard.events).toHaveLength(1))
      heard.hangUp()
    })

    test.each(['m 1', '消息1', 'café', '😀'])('reads on from the id "%s", in UTF-8', async (lastEventId) => {
      server.answer = (_request, response) => beginStream(response).end()
      await hear({ lastEventId })
      const sent = server.requests[0]?.headers['last-event-id']
      expect(Buffer.from(String(sent), 'latin1').toString()).toBe(lastEventId)
    })

    test('nobody listening is CONNECTION_LOST', async () => {
      const closed = await startHttpServer()
      await closed.close()
      expect((await hear({ url: closed.url })).error?.code).toBe('CONNECTION_LOST')
    })

    test('an event larger than the limit is EVENT_TOO_LARGE, once', async () => {
      server.answer = (_request, response) => {
        beginStream(response).write('data: ')
        for (let i = 0; i < 5; i++) response.write('x'.repeat(1024 * 1024))
        response.end('\n\n')
      }
      const heard = await hear()
      expect(besidesSigns(heard)).toEqual(['opened', 'lost'])
      expect(heard.error?.code).toBe('EVENT_TOO_LARGE')
    })

    describe('hanging up', () => {
      test('reaches the server, and nothing is told afterwards', async () => {
        server.answer = (received, response) => {
          beginStream(response)
          const timer = setInterval(
            () => (received.closed ? clearInterval(timer) : response.write('data: x\n\n')),
            1,
          )
        }
        const heard = open()
        await until(() => expect(server.requests).toHaveLength(1))
        if (!gaps.wholeBody) await until(() => expect(heard.events.length).toBeGreaterThan(2))
        heard.hangUp()
        const calls = heard.calls.length
        await until(() => expect(server.requests[0]?.closed).toBe(true))
        // Late callbacks of the platform come after the connection is gone.
        await new Promise((resolve) => setTimeout(resolve, 20))
        expect(heard.calls).toHaveLength(calls)
      })

      test('before the head tells nothing, twice neither', async () => {
        server.answer = () => undefined
        const heard = open()
        await until(() => expect(server.requests).toHaveLength(1))
        heard.hangUp()
        heard.hangUp()
        await until(() => expect(server.requests[0]?.closed).toBe(true))
        await new Promise((resolve) => setTimeout(resolve, 20))
        expect(heard.calls).toEqual([])
      })

      test('inside an event keeps back the rest of the same piece', async () => {
        server.answer = (_request, response) =>
          beginStream(response).end('data: one\n\ndata: two\n\n: hb\n\ndata: three\n\n')
        const heard = open({}, (heard) => heard.hangUp())
        await until(() => expect(heard.events).toHaveLength(1))
        await new Promise((resolve) => setTimeout(resolve, 20))
        expect(heard.calls).toEqual(['opened', 'event'])
      })
    })
  })
}
