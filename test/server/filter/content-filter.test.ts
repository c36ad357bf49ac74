import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../src/core/channel-error.js'
import { createHub } from '../../../src/server/hub/create-hub.js'
import { contentFilter, type ContentFilter } from '../../../src/server/filter/content-filter.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import type { RunContext } from '../../../src/server/hub/producer.js'
import { eventually } from '../../helpers/eventually.js'

const secrets = [/password/gi, /token/gi, /credit.card/gi, /\bkey-\d+/g]

function streamed(filter: ContentFilter, pieces: readonly string[]): string {
  const stream = filter.stream()
  return pieces.map((piece) => stream.push(piece)).join('') + stream.flush()
}

/** Cuts a text at these places. */
const cut = (text: string, places: readonly number[]) => {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length))
}

describe('contentFilter', () => {
  it('says the same of a stream as of the whole text, wherever it is cut', () => {
    const filter = contentFilter(secrets)
    const word = fc.constantFrom(
      'password',
      'TOKEN',
      'credit card',
      'key-42',
      'xkey-1',
      'pass',
      'to',
      ' ',
      '你',
      '👍',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.array(fc.nat()), (words, places) => {
        const text = words.join('')
        expect(streamed(filter, cut(text, places))).toBe(filter.text(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('holds back only what could still become a match', () => {
    const stream = contentFilter(secrets).stream()
    const said = [...'my pass is a crate'].map((char) => stream.push(char))
    expect(said).toEqual([
      ...['m', 'y', ' ', '', '', '', '', 'pass ', 'i', 's', ' ', 'a', ' '],
      ...['', '', 'cra', '', 'te'],
    ])
  })

  it('holds back no more than it was told, of a function always as much', () => {
    const [patterns, finder] = [
      contentFilter([/a.*z/s], { holdChars: 10 }).stream(),
      contentFilter(() => [], { holdChars: 10 }).stream(),
    ]
    let [said, found] = ['', '']
    for (let i = 0; i < 100; i++) {
      said += patterns.push('a word')
      found += finder.push('a word')
      expect((i + 1) * 6 - said.length).toBeLessThanOrEqual(10)
      expect((i + 1) * 6 - found.length).toBe(Math.min(10, (i + 1) * 6))
    }
  })

  it('takes out a character whose halves come apart, whole', () => {
    const stream = contentFilter([/👍/u]).stream()
    const said = [
      stream.push('a\ud83d'),
      stream.push('\udc4d b\ud83d'),
      stream.push('\ude00'),
      stream.flush(),
    ]
    expect(said).toEqual(['a', '*** b', '😀', ''])
  })

  it('holds nothing back behind a character of two halves', () => {
    const stream = contentFilter([/secret/u]).stream()
    expect([stream.push('a 👍 b'), stream.push(' c 👍'), stream.push('👍 s')]).toEqual([
      'a 👍 b',
      ' c 👍',
      '👍 ',
    ])
  })

  it('gives up on a match that never ends', () => {
    const stream = contentFilter([/a+/]).stream()
    let said = ''
    for (let i = 0; i < 10_000; i++) said += stream.push('a')
    expect(said.replace(/[*]/g, '')).toBe('')
    expect(said).not.toBe('')
  })

  it('takes a function with replacements of its own', () => {
    const filter = contentFilter((text) => {
      const start = text.indexOf('foe')
      return start < 0 ? [] : [{ start, end: start + 3, replacement: 'friend' }]
    })
    expect(filter.text('a foe!')).toBe('a friend!')
    expect(streamed(filter, ['a f', 'o', 'e!'])).toBe('a friend!')
  })

  it('joins matches that overlap', () => {
    expect(contentFilter([/abc/, /bcd/]).text('xabcdx')).toBe('x***x')
  })
})

describe('a hub with a filter', () => {
  const hub = createHub({ log: memoryLog(), filter: contentFilter(secrets), onError: () => undefined })
  const stored = async (channelId: string) => {
    const chunks: { type: string; delta?: string; data?: unknown }[] = []
    for await (const event of hub.read(channelId))
      if (event.data !== '[DONE]') chunks.push(JSON.parse(event.data) as { type: string })
    return chunks
  }
  const textOf = (chunks: readonly { delta?: string }[]) => chunks.map((chunk) => chunk.delta ?? '').join('')

  it('stores a run without what must not be said, also where chunks split it', async () => {
    const { channelId } = await hub.run(undefined, async function* () {
      yield { type: 'text-start', id: 'token-1' }
      for (const delta of 'My pass|word is tok|en. A cre|dit| card, too.'.split('|'))
        yield { type: 'text-delta', id: 'token-1', delta }
      yield { type: 'text-end', id: 'token-1' }
      yield { type: 'data-found', data: { note: ['password'], count: 1 } }
      yield { type: 'finish' }
    })
    const chunks = await stored(channelId)
    expect(textOf(chunks)).toBe('My *** is ***. A ***, too.')
    expect(chunks.map((chunk) => chunk.type).filter((type) => type !== 'text-delta')).toEqual([
      'text-start',
      'text-end',
      'data-found',
      'finish',
    ])
    expect(chunks.findIndex((chunk) => chunk.type === 'text-end')).toBeGreaterThan(
      chunks.map((chunk) => chunk.type).lastIndexOf('text-delta'),
    )
    expect(chunks.find((chunk) => chunk.type === 'data-found')?.data).toEqual({ note: ['***'], count: 1 })
  })

  it('keeps texts apart that stream at the same time', async () => {
    const { channelId } = await hub.run(undefined, async function* () {
      yield { type: 'text-delta', id: 'a', delta: 'pass' }
      yield { type: 'reasoning-delta', id: 'a', delta: 'to' }
      yield { type: 'text-delta', id: 'a', delta: 'word' }
      yield { type: 'reasoning-delta', id: 'a', delta: 'ken' }
    })
    expect(await stored(channelId)).toEqual([
      { type: 'text-delta', id: 'a', delta: '***' },
      { type: 'reasoning-delta', id: 'a', delta: '***' },
    ])
  })

  it('says what it held back when a run is stopped', async () => {
    const { channelId } = await hub.run(undefined, async ({ write, signal }) => {
      await write({ type: 'text-delta', id: 'a', delta: 'so far, my password' })
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    await new Promise((resolve) => setImmediate(resolve))
    await hub.stop(channelId)
    expect(textOf(await stored(channelId))).toBe('so far, my ***')
  })

  it('ends a run as an error when the filter fails, and says nothing of what it held', async () => {
    const failing = (fails: (text: string) => boolean) => {
      const errors: string[] = []
      const filter = contentFilter((text) => {
        if (fails(text)) throw new Error('the service for secrets is away')
        return []
      })
      const onError = (error: ChannelError) => errors.push(error.code)
      return { errors, hub: createHub({ log: memoryLog(), filter, onError }) }
    }
    const always = failing(() => true)
    const writing = async ({ write }: RunContext) => write({ type: 'text-delta', id: 'a', delta: 'secret' })
    const run = await always.hub.run(undefined, writing)
    expect(await run.ended).toBe('error')
    const page = await always.hub.open(run.channelId)
    expect(page).toMatchObject({ kind: 'ready', channel: { status: 'error', events: 2 } })
    expect(always.errors).toContain('PRODUCER_ERROR')

    let calls = 0
    const atTheEnd = failing(() => ++calls > 1)
    const ended = await atTheEnd.hub.run(undefined, writing)
    expect(await ended.ended).toBe('error')
    expect(await atTheEnd.hub.getInfo(ended.channelId)).toMatchObject({ status: 'error', events: 2 })
  })

  it('reports a filter that fails while a run is stopped, and stops the run', async () => {
    const errors: string[] = []
    let calls = 0
    const filter = contentFilter(() => {
      if (++calls > 1) throw new Error('away')
      return []
    })
    const stopped = createHub({ log: memoryLog(), filter, onError: (error) => errors.push(error.code) })
    const { channelId } = await stopped.run(undefined, async ({ write, signal }) => {
      await write({ type: 'text-delta', id: 'a', delta: 'secret' })
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    await eventually('it is held', () => calls === 1)
    expect(await stopped.stop(channelId)).toMatchObject({ status: 'stopped' })
    expect(errors).toEqual(['PRODUCER_ERROR'])
  })

  it('filters what is sent', async () => {
    await hub.create({ channelId: 'room' })
    await hub.send({ channelId: 'room', data: { text: 'my Password', at: new Date(0), n: 1 } })
    for await (const event of hub.read('room')) {
      expect(JSON.parse(event.data)).toEqual({ text: 'my ***', at: '1970-01-01T00:00:00.000Z', n: 1 })
      break
    }
  })
})
