import { describe, expect, test } from 'vitest'
import { computed, nextTick, ref, watch, watchEffect } from 'vue'
import { ChannelError } from '../../src/core/channel-error.js'
import type { Background } from '../../src/core/session.js'
import { jsonDecoder } from '../../src/decoders/json.js'
import type { Decoder } from '../../src/decoders/decoder.js'
import { uiMessageStream } from '../../src/decoders/ui-message-stream.js'
import { createChannel } from '../../src/run/create-channel.js'
import { FakeClock } from '../helpers/fake-clock.js'
import { FakeLifecycle } from '../helpers/fake-lifecycle.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const lostError = new ChannelError('CONNECTION_LOST')

function setup({
  decoder = uiMessageStream,
  attempts = 2,
  totalMs = Infinity,
  background = 'resume' as Background,
} = {}) {
  const source = new ScriptedSource()
  const clock = new FakeClock()
  const channel = createChannel({
    key: 'k',
    source,
    decoder,
    clock,
    lifecycle: new FakeLifecycle(),
    background,
    policy: { attempts, backoff: { baseMs: 100, capMs: 100 }, firstByteMs: 3000, idleMs: 3000, totalMs },
  })
  let seq = 0
  const delta = (text: string, id = `a_${seq++}`) =>
    source.event(id, JSON.stringify({ type: 'text-delta', id: 't', delta: text }))
  const finish = () => source.event(`a_${seq++}`, '[DONE]')
  const restart = () => (seq = 0)
  return { channel, source, clock, delta, finish, restart }
}

const snapshot = (channel: ReturnType<typeof createChannel>) => ({
  status: channel.status.value,
  connection: channel.connection.value,
  text: channel.text.value,
  error: channel.error.value?.code,
  cursor: channel.cursor.value,
})

describe('a run', () => {
  test('goes from idle over submitted and streaming to done', async () => {
    const { channel, source, delta, finish, clock } = setup()
    const seen: string[] = []
    watch([channel.status, channel.connection], (now) => seen.push(now.join(' ')), { flush: 'sync' })
    expect(snapshot(channel)).toMatchObject({ status: 'idle', connection: 'closed' })
    const outcome = channel.start('hi')
    source.open('given')
    await nextTick()
    delta('你')
    await nextTick()
    delta('好')
    finish()
    expect(await outcome).toBe('done')
    expect(seen).toEqual([
      'submitted closed',
      'submitted connecting',
      'submitted open',
      'streaming open',
      'streaming closed',
      'done closed',
    ])
    expect(snapshot(channel)).toEqual({
      status: 'done',
      connection: 'closed',
      text: '你好',
      error: undefined,
      cursor: 'a_2',
    })
    expect(channel.channelId.value).toBe('given')
    expect(channel.received.value).toBe(3)
    expect(channel.bytes.value).toBe(Buffer.byteLength('{"type":"text-delta","id":"t","delta":"你"}') * 2 + 6)
    expect(channel.startedAt.value).toBe(clock.time)
    expect(channel.messages.value).toHaveLength(2)
  })

  test('proposes an id that fits the header, a new one for each start', async () => {
    const { channel, source } = setup()
    void channel.start('x')
    const first = source.last.intent.channelId
    channel.stop()
    void channel.start('y')
    expect(first).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
    expect(source.last.intent.channelId).not.toBe(first)
  })

  test('changes its refs once for many events of one piece, and loses none', async () => {
    const { channel, source, delta } = setup()
    void channel.start('x')
    source.open()
    let texts = 0
    let lists = 0
    watch(channel.text, () => texts++, { flush: 'sync' })
    watch(channel.messages, () => lists++, { flush: 'sync' })
    for (let i = 0; i < 500; i++) delta('a')
    expect(channel.text.value).toBe('')
    await nextTick()
    expect([texts, lists]).toEqual([1, 1])
    expect(channel.messages.value).toHaveLength(500)
    expect(channel.text.value).toBe('a'.repeat(500))
    expect(channel.cursor.value).toBe('a_499')
  })

  test('what hands messages and parts on, a computed or a prop, changes with them', async () => {
    const { channel, source, delta } = setup()
    const handedOn = {
      messages: computed(() => channel.messages.value),
      parts: computed(() => channel.parts.value),
    }
    let changes = 0
    watch([handedOn.messages, handedOn.parts], () => changes++, { flush: 'sync' })
    void channel.start('x')
    source.open()
    for (const expected of [1, 2, 3]) {
      delta('a')
      await nextTick()
      expect(handedOn.messages.value).toHaveLength(expected)
      expect(handedOn.parts.value).toEqual([{ type: 'text', text: 'a'.repeat(expected), state: 'streaming' }])
    }
    expect(changes).toBeGreaterThanOrEqual(3)
  })

  test('keeps the newest 10,000 messages at least, and counts all', async () => {
    const { channel, source } = setup({ decoder: jsonDecoder })
    void channel.start('x')
    source.open()
    for (let i = 0; i < 25_000; i++) source.event(`a_${i}`, String(i))
    await nextTick()
    const { value } = channel.messages
    expect(channel.received.value).toBe(25_000)
    expect(value.length).toBeGreaterThanOrEqual(10_000)
    expect(value.length).toBeLessThanOrEqual(11_000)
    expect(value[value.length - 1]).toBe(24_999)
    expect(value[0]).toBe(25_000 - value.length)
  })

  test('a second start is RUN_ACTIVE and sends nothing; resume and retry too', async () => {
    const { channel, source } = setup()
    void channel.start('x')
    for (const again of [channel.start('y'), channel.resume({ channelId: 'z' }), channel.retry()])
      await expect(again).rejects.toMatchObject({ code: 'RUN_ACTIVE' })
    expect(source.dials).toEqual(['start'])
  })

  test("the producer's error ends it with that error and the text so far", async () => {
    const { channel, source, delta } = setup()
    const outcome = channel.start('x')
    source.open()
    delta('so far')
    source.event('a_1', '{"type":"error","errorText":"过载"}')
    expect(await outcome).toBe('error')
    expect(snapshot(channel)).toMatchObject({ status: 'error', error: 'PRODUCER_ERROR', text: 'so far' })
    expect(channel.parts.value).toEqual([{ type: 'text', text: 'so far', state: 'done' }])
  })

  test('a decoder that throws ends it as BAD_EVENT and throws nothing at the platform', async () => {
    const decoder: Decoder = () => () => {
      throw new TypeError('not mine')
    }
    const { channel, source } = setup({ decoder })
    const outcome = channel.start('x')
    source.open()
    expect(() => source.event('a_0')).not.toThrow()
    expect(await outcome).toBe('error')
    expect(channel.error.value).toMatchObject({ code: 'BAD_EVENT', cause: { message: 'not mine' } })
    expect(source.live).toBe(0)
  })

  test('an event of which a decoder says nothing is passed over', async () => {
    const decoder: Decoder = () => (event) =>
      event.data === '[DONE]' ? { ending: { outcome: 'done' } } : undefined
    const { channel, source, delta, finish } = setup({ decoder })
    const outcome = channel.start('x')
    source.open()
    delta('a')
    delta('b')
    finish()
    expect(await outcome).toBe('done')
    expect([channel.received.value, channel.messages.value, channel.text.value]).toEqual([3, [], ''])
    expect(source.dials).toEqual(['start'])
  })

  test('a start from a watcher of the end is a run of its own', async () => {
    const { channel, source } = setup()
    let second: Promise<string> | undefined
    watch(channel.status, (status) => status === 'error' && !second && (second = channel.start('y')), {
      flush: 'sync',
    })
    const first = channel.start('x')
    source.lose(new ChannelError('FORBIDDEN', undefined, { status: 403 }))
    expect(await first).toBe('error')
    expect(source.dials).toEqual(['start', 'start'])
    expect(snapshot(channel)).toMatchObject({ status: 'submitted', error: undefined })
    channel.stop()
    expect(await second).toBe('stopped')
  })

  test('two starts from one watcher are one run', async () => {
    const { channel, source } = setup()
    const refused: unknown[] = []
    watch(
      channel.status,
      (status) => {
        if (status !== 'stopped') return
        void channel.start('first')
        channel.start('second').catch((error: unknown) => refused.push(error))
      },
      { flush: 'sync' },
    )
    void channel.start('x')
    channel.stop()
    await expect.poll(() => refused).toMatchObject([{ code: 'RUN_ACTIVE' }])
    expect(source.last.intent).toMatchObject({ kind: 'start', input: 'first' })
  })
})

describe('stop', () => {
  test('keeps the text, tells the producer once, and is idempotent', async () => {
    const { channel, source, clock, delta } = setup()
    const outcome = channel.start('x')
    source.open()
    delta('half an ans')
    channel.stop()
    channel.stop()
    expect(await outcome).toBe('stopped')
    expect(snapshot(channel)).toMatchObject({
      status: 'stopped',
      connection: 'closed',
      text: 'half an ans',
      error: undefined,
    })
    expect(source.stops).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  test('that is not heard shows STOP_FAILED, and the next stop tells again', async () => {
    const { channel, source } = setup()
    void channel.start('x')
    source.open()
    source.onStop = () => Promise.reject(new ChannelError('STOP_FAILED'))
    channel.stop()
    await expect.poll(() => snapshot(channel)).toMatchObject({ status: 'stopped', error: 'STOP_FAILED' })
    source.onStop = () => Promise.resolve()
    channel.stop()
    expect(source.stops).toHaveLength(2)
    expect(channel.error.value).toBeUndefined()
  })

  test('that fails late leaves the next run alone', async () => {
    const { channel, source } = setup()
    let fail: (error: Error) => void = () => undefined
    source.onStop = () => new Promise((_resolve, reject) => (fail = reject))
    void channel.start('x')
    channel.stop()
    void channel.start('y')
    fail(new ChannelError('STOP_FAILED'))
    await nextTick()
    expect(snapshot(channel)).toMatchObject({ status: 'submitted', error: undefined })
  })
})

describe('retry', () => {
  const exhaust = (source: ScriptedSource, clock: FakeClock) => {
    for (let i = 0; i < 3; i++) {
      source.lose(lostError)
      clock.advance(1000)
    }
  }

  test('after a loss reads on from the cursor, text and part go on', async () => {
    const { channel, source, clock, delta, finish } = setup()
    void channel.start('x')
    source.open()
    delta('one ')
    exhaust(source, clock)
    expect(snapshot(channel)).toMatchObject({ status: 'error', error: 'CONNECTION_LOST', cursor: 'a_0' })
    const outcome = channel.retry()
    expect(snapshot(channel)).toMatchObject({ status: 'submitted', error: undefined, text: 'one ' })
    source.open()
    delta('two')
    finish()
    expect(await outcome).toBe('done')
    expect(source.dials.filter((dial) => dial === 'start')).toHaveLength(1)
    expect(source.dials[source.dials.length - 1]).toBe('read a_0')
    expect(channel.parts.value).toEqual([{ type: 'text', text: 'one two', state: 'done' }])
  })

  test('of a start that may never have arrived starts under the same id', () => {
    const { channel, source, clock } = setup()
    void channel.start({ prompt: 'x' })
    const { channelId } = source.last.intent
    exhaust(source, clock)
    void channel.retry()
    expect(source.last.intent).toEqual({ kind: 'start', channelId, input: { prompt: 'x' } })
  })

  test.each([
    ['a stop', (channel: ReturnType<typeof createChannel>) => channel.stop()],
    ['the total limit', (_channel: unknown, clock: FakeClock) => clock.advance(2000)],
  ])('after %s starts under a new id: the stop of the old one may still be on its way', (_name, end) => {
    const { channel, source, clock } = setup({ totalMs: 2000 })
    void channel.start('x')
    const { channelId } = source.last.intent
    end(channel, clock)
    void channel.retry()
    expect(source.last.intent).toMatchObject({ kind: 'start', input: 'x' })
    expect(source.last.intent.channelId).not.toBe(channelId)
  })

  test('after the producer failed runs the same input again; what is in view stays until as much has come', async () => {
    const { channel, source, delta } = setup()
    void channel.start('x')
    source.open()
    delta('half')
    source.event('a_1', '{"type":"error","errorText":"no"}')
    const { channelId } = source.last.intent
    void channel.retry()
    expect(source.last.intent).toMatchObject({ kind: 'start', input: 'x' })
    expect(source.last.intent.channelId).not.toBe(channelId)
    expect(snapshot(channel)).toMatchObject({
      text: 'half',
      cursor: undefined,
      error: undefined,
      status: 'submitted',
    })
    source.open()
    delta('new', 'b_0')
    await nextTick()
    expect(channel.text.value).toBe('half')
    delta(' one', 'b_1')
    await nextTick()
    expect(channel.text.value).toBe('new one')
    expect(channel.parts.value).toMatchObject([{ type: 'text', text: 'new one' }])
  })

  test('without cursors runs again instead of repeating the text', async () => {
    const { channel, source, delta } = setup()
    void channel.start('x')
    source.open()
    delta('half', '')
    source.lose(lostError)
    expect(snapshot(channel)).toMatchObject({ error: 'CONNECTION_LOST', text: 'half', status: 'error' })
    void channel.retry()
    expect(source.last.intent.kind).toBe('start')
    source.open()
    delta('HALF', 'b_0')
    await nextTick()
    expect(channel.text.value).toBe('HALF')
  })

  test.each([
    ['SERVER_BUSY', 503],
    ['SERVER_ERROR', 500],
    ['RATE_LIMITED', 429],
    ['UNAUTHORIZED', 401],
    ['FORBIDDEN', 403],
    // The page of a Wi-Fi that wants a login first.
    ['BAD_CONTENT_TYPE', 200],
    ['BAD_OPTIONS', undefined],
    ['NO_TRANSPORT', undefined],
  ] as const)(
    'of a run that goes on at the server reads it, whatever refused the reads: %s',
    (code, status) => {
      const { channel, source, delta } = setup({ attempts: 0 })
      void channel.start('x')
      source.open()
      delta('half')
      source.lose(new ChannelError(code, undefined, status === undefined ? {} : { status }))
      expect(snapshot(channel)).toMatchObject({ status: 'error', error: code })
      void channel.retry()
      expect(source.dials).toEqual(['start', 'read a_0'])
    },
  )

  test.each([
    'CHANNEL_NOT_FOUND',
    'HISTORY_EXPIRED',
    'CURSOR_AHEAD',
    'BAD_CURSOR',
    'EVENT_TOO_LARGE',
  ] as const)('runs again where there is nothing to read any more: %s', (code) => {
    const { channel, source, delta } = setup({ attempts: 0 })
    void channel.start('x')
    source.open()
    delta('half')
    source.lose(new ChannelError(code))
    void channel.retry()
    expect(source.dials).toEqual(['start', 'start'])
  })

  test.each(['RATE_LIMITED', 'SERVER_ERROR', 'UNAUTHORIZED', 'CONNECTION_LOST'])(
    'after a run that itself ended with %s runs again, and is no empty success',
    (code) => {
      const { channel, source, delta } = setup()
      void channel.start('x')
      source.open()
      delta('half')
      source.event('a_1', JSON.stringify({ type: 'error', errorText: 'the model is busy', code }))
      expect(snapshot(channel)).toMatchObject({ status: 'error', error: code })
      void channel.retry()
      expect(source.dials).toEqual(['start', 'start'])
    },
  )

  test('of a start that was answered with a page of a proxy is the same start: it may have run', () => {
    const { channel, source } = setup()
    void channel.start('x')
    const { channelId } = source.last.intent
    source.lose(new ChannelError('BAD_CONTENT_TYPE', undefined, { status: 200 }))
    void channel.retry()
    expect(source.last.intent).toMatchObject({ kind: 'start', channelId })
  })

  test.each(['FORBIDDEN', 'HISTORY_EXPIRED', 'BAD_REQUEST'] as const)(
    'of a start that its id was refused for (%s) has another id',
    (code) => {
      const { channel, source } = setup()
      void channel.start('x')
      const { channelId } = source.last.intent
      source.lose(new ChannelError(code, undefined, { status: 400 }))
      void channel.retry()
      expect(source.last.intent.kind).toBe('start')
      expect(source.last.intent.channelId).not.toBe(channelId)
    },
  )

  test('with nothing before it is NOTHING_TO_RESUME', async () => {
    await expect(setup().channel.retry()).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' })
  })

  test('of a channel that was only read never sends the input of another', async () => {
    const { channel, source } = setup()
    void channel.start('expensive')
    channel.stop()
    void channel.resume({ channelId: 'other' })
    source.lose(new ChannelError('CHANNEL_NOT_FOUND', undefined, { status: 404 }))
    await expect(channel.retry()).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' })
  })
})

describe('resume', () => {
  test('of what is no target, as the event of a click, reads on here', () => {
    const { channel, source, delta } = setup({ attempts: 0 })
    void channel.start('x')
    source.open()
    delta('half')
    source.lose(lostError)
    void channel.resume({ type: 'click' } as never)
    expect(source.last.intent).toMatchObject({ kind: 'read', cursor: 'a_0' })
    expect(channel.text.value).toBe('half')
  })

  test('reads a named channel from its start and forgets what was here', async () => {
    const { channel, source, delta, restart } = setup()
    void channel.start('x')
    source.open()
    delta('old')
    channel.stop()
    restart()
    void channel.resume({ channelId: 'other' })
    expect(source.last.intent).toEqual({ kind: 'read', channelId: 'other', cursor: undefined })
    expect(snapshot(channel)).toMatchObject({ text: '', cursor: undefined, status: 'submitted' })
    source.open()
    delta('new')
    await nextTick()
    expect(channel.text.value).toBe('new')
    expect(channel.channelId.value).toBe('other')
  })

  test('from a cursor takes what comes after it', async () => {
    const { channel, source, delta } = setup()
    void channel.resume({ channelId: 'other', cursor: 'a_4' })
    expect(channel.cursor.value).toBe('a_4')
    source.open()
    delta('four', 'a_4')
    delta('five', 'a_5')
    await nextTick()
    expect(channel.text.value).toBe('five')
  })

  test('without a cursor to go on from reads again instead of repeating the text', async () => {
    const { channel, source, delta } = setup()
    void channel.start('x')
    source.open()
    delta('half', '')
    channel.stop()
    void channel.resume()
    source.open()
    delta('half', 'a_0')
    await nextTick()
    expect(channel.text.value).toBe('half')
  })

  test('with nothing before it is NOTHING_TO_RESUME', async () => {
    await expect(setup().channel.resume()).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' })
  })
})

describe('clear', () => {
  test('stops and forgets: the channel is as new, and there is nothing to retry or resume', async () => {
    const { channel, source, delta } = setup()
    const outcome = channel.start('x')
    source.open()
    delta('half')
    await nextTick()
    channel.clear()
    expect(await outcome).toBe('stopped')
    expect(source.stops).toHaveLength(1)
    expect(snapshot(channel)).toEqual({
      status: 'idle',
      connection: 'closed',
      text: '',
      error: undefined,
      cursor: undefined,
    })
    expect([channel.channelId.value, channel.startedAt.value, channel.received.value]).toEqual([
      '',
      undefined,
      0,
    ])
    expect([channel.messages.value, channel.parts.value]).toEqual([[], []])
    await expect(channel.retry()).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' })
    await expect(channel.resume()).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' })
  })

  test('of a run that cannot be told to stop shows no error: it is forgotten', async () => {
    const { channel, source } = setup()
    let fail: (error: Error) => void = () => undefined
    source.onStop = () => new Promise((_resolve, reject) => (fail = reject))
    void channel.start('x')
    source.open()
    channel.clear()
    expect(source.stops).toHaveLength(1)
    fail(new ChannelError('STOP_FAILED'))
    await nextTick()
    expect(snapshot(channel)).toMatchObject({ status: 'idle', error: undefined })
  })

  test('a late event of the run that was cleared changes nothing', async () => {
    const { channel, source, delta } = setup()
    void channel.start('x')
    source.open()
    delta('before')
    channel.clear()
    delta('after')
    await nextTick()
    expect(snapshot(channel)).toMatchObject({ status: 'idle', text: '' })
  })
})

describe('what is known of a run', () => {
  const half = (options: Parameters<typeof setup>[0] = { attempts: 0 }) => {
    const world = setup(options)
    void world.channel.start('q')
    world.source.open()
    world.delta('half')
    return world
  }

  test('outlives every retry that reached nobody: one start, and the text stays', async () => {
    const { channel, source, delta, finish } = half()
    source.lose(lostError)
    for (const code of ['CONNECTION_LOST', 'UNAUTHORIZED', 'FORBIDDEN', 'BAD_CONTENT_TYPE'] as const) {
      const again = channel.retry()
      source.lose(new ChannelError(code))
      expect(await again).toBe('error')
      expect(channel.text.value).toBe('half')
    }
    const last = channel.retry()
    source.open()
    delta(' and half')
    finish()
    expect(await last).toBe('done')
    expect(source.dials.filter((dial) => dial === 'start')).toHaveLength(1)
    expect(channel.text.value).toBe('half and half')
  })

  test('of a run that was only read, never sends a start and never gives up on it', async () => {
    const { channel, source } = setup({ attempts: 0 })
    void channel.resume({ channelId: 'theirs' })
    source.lose(lostError)
    void channel.retry()
    expect(source.dials).toEqual(['read from the start', 'read from the start'])
    expect(source.last.intent.channelId).toBe('theirs')
  })

  test('says that a start which nobody answered may have arrived: it is sent again under its id, whatever refused reads', () => {
    const { channel, source, clock } = setup({ attempts: 1 })
    void channel.start('q')
    const { channelId } = source.last.intent
    source.lose(lostError)
    clock.advance(1000)
    source.lose(new ChannelError('FORBIDDEN', undefined, { status: 403 }))
    void channel.retry()
    expect(source.last.intent).toMatchObject({ kind: 'start', channelId })
  })

  test('a run that can no longer be read is stopped before another is paid for', () => {
    const { channel, source } = half()
    const { channelId } = source.last.intent
    source.event('b_7', '{}')
    expect(channel.error.value?.code).toBe('HISTORY_EXPIRED')
    void channel.retry()
    expect(source.stops).toEqual([channelId])
    expect(source.dials).toEqual(['start', 'start'])
  })

  test('at a server that is not ours: ids are no cursors, a loss is final, and nobody is told to stop', async () => {
    const { channel, source } = setup({ decoder: jsonDecoder })
    const outcome = channel.start('q')
    source.openForeign()
    for (const id of ['7', '7', 'run_0']) source.event(id, `"${id}"`)
    source.last.observer.ended()
    expect(await outcome).toBe('done')
    expect(channel.messages.value).toEqual(['7', '7', 'run_0'])
    expect(channel.cursor.value).toBeUndefined()
    void channel.start('q')
    source.openForeign()
    channel.stop()
    expect(source.stops).toEqual([])
  })

  test('an end that a decoder does not confirm is an error, and 204 is asked about too', async () => {
    const decoder: Decoder = () =>
      Object.assign(() => ({}), {
        closed: () => ({ outcome: 'error' as const, error: new ChannelError('INCOMPLETE') }),
      })
    const { channel, source } = setup({ decoder, attempts: 3 })
    const first = channel.start('q')
    source.openForeign()
    source.last.observer.ended()
    expect(await first).toBe('error')
    expect(channel.error.value?.code).toBe('INCOMPLETE')
    const second = channel.start('q')
    source.open()
    source.event('a_0', 'x')
    source.last.observer.finished()
    expect(await second).toBe('error')
  })

  test('what is in view stays while less has come, however often it breaks, until the end is there', async () => {
    const decoder: Decoder = () => (event) => {
      if (event.data === '[DONE]') return { ending: { outcome: 'done' } }
      return { chunks: [{ type: 'text', delta: event.data }] }
    }
    const { channel, source } = setup({ attempts: 0, decoder })
    void channel.start('q')
    source.open()
    source.event('', 'how to break in')
    source.lose(lostError)
    void channel.retry()
    source.open()
    source.event('b_0', 'how to')
    await nextTick()
    expect(channel.text.value).toBe('how to break in')
    source.lose(lostError)
    expect(channel.text.value).toBe('how to break in')
    void channel.retry()
    source.open()
    source.event('b_1', '[DONE]')
    expect(channel.text.value).toBe('how to')
  })
})

describe('a watcher that acts between two changes', () => {
  test('start() while it starts is RUN_ACTIVE, and the first is sent', async () => {
    const { channel, source } = setup()
    const refused: unknown[] = []
    watch(
      channel.status,
      (status) =>
        status === 'submitted' && channel.start('second').catch((error: unknown) => refused.push(error)),
      { flush: 'sync' },
    )
    const first = channel.start('first')
    expect(source.connections.map(({ intent }) => intent)).toMatchObject([{ input: 'first' }])
    channel.stop()
    expect(await first).toBe('stopped')
    expect(refused).toMatchObject([{ code: 'RUN_ACTIVE' }])
  })

  test('clear() leaves nothing of what was being shown', async () => {
    const { channel, source, delta } = setup()
    watch(channel.status, (status) => status === 'streaming' && channel.clear(), { flush: 'sync' })
    void channel.start('x')
    source.open()
    delta('a')
    await nextTick()
    expect(snapshot(channel)).toEqual({
      status: 'idle',
      connection: 'closed',
      text: '',
      error: undefined,
      cursor: undefined,
    })
    expect([channel.received.value, channel.channelId.value]).toEqual([0, ''])
  })

  test('retry() in a watcher of the error reads on', () => {
    const { channel, source, delta } = setup({ attempts: 0 })
    watch(channel.error, (error) => error && void channel.retry(), { flush: 'sync' })
    void channel.start('x')
    source.open()
    delta('half')
    source.lose(new ChannelError('UNAUTHORIZED', undefined, { status: 401 }))
    expect(source.dials).toEqual(['start', 'read a_0'])
    expect(snapshot(channel)).toMatchObject({ status: 'submitted', text: 'half', error: undefined })
  })
})

describe('actions', () => {
  test('track nothing: an effect that starts depends on its question alone', async () => {
    const question = ref('one')
    const token = ref('a')
    const { channel, source } = setup()
    source.onConnect = () => token.value
    let runs = 0
    watchEffect(() => {
      runs++
      channel.stop()
      void channel.start(question.value).catch(() => undefined)
    })
    token.value = 'b'
    source.open()
    source.event('a_0', '{}')
    await nextTick()
    expect(runs).toBe(1)
    question.value = 'two'
    await nextTick()
    expect(runs).toBe(2)
  })

  test.each([
    ['a browser', new Event('click')],
    ['a mini program', { type: 'tap', timeStamp: 1, target: {}, currentTarget: {}, detail: {} }],
  ])('take no event of %s for an input', (_platform, event) => {
    const { channel, source } = setup()
    void channel.start(event)
    expect(source.last.intent).toMatchObject({ kind: 'start', input: undefined })
  })

  test('a stop that could not be told is told when it can be, and then its error goes', async () => {
    const { channel, source, clock } = setup()
    void channel.start('x')
    source.open()
    source.onStop = () => Promise.reject(new ChannelError('STOP_FAILED'))
    channel.stop()
    await expect.poll(() => channel.error.value?.code).toBe('STOP_FAILED')
    source.onStop = () => Promise.resolve()
    clock.advance(5_000)
    await expect.poll(() => channel.error.value).toBeUndefined()
    expect(clock.pending).toBe(0)
  })
})
