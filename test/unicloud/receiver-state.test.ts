import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../../src/cloud/wire.js'
import { receiverPolicy } from '../../src/unicloud/receiver-defaults.js'
import {
  openReceiver,
  receiverAlarmAt,
  stepReceiver,
  type ReceiverEffect,
  type ReceiverInput,
  type ReceiverPolicy,
  type ReceiverState,
} from '../../src/unicloud/receiver-state.js'

const policy = receiverPolicy({})
const pushOnly = receiverPolicy({ reader: 'none' })
const entry = (seq: number): LogEntry => ({ seq, kind: 'message', message: seq })
const end = (seq: number): LogEntry => ({ seq, kind: 'end', message: seq })
const push = (at: number, ...entries: LogEntry[]): ReceiverInput => ({
  type: 'push',
  entries,
  known: Math.max(...entries.map(({ seq }) => seq)) + 1,
  at,
})
const page = (at: number, ...entries: LogEntry[]): ReceiverInput => ({
  type: 'page',
  answer: { entries, more: false, beatAt: 0 },
  at,
})

/** Runs inputs in order; each effect as a short word. */
function run(inputs: readonly ReceiverInput[], with_: ReceiverPolicy = policy) {
  let state = openReceiver(0, 0)
  const words: string[] = []
  for (const input of inputs) {
    const step = stepReceiver(state, input, with_)
    state = step.state
    words.push(...step.effects.map(word))
  }
  return { state, words, alarmAt: receiverAlarmAt(state, with_) }
}
function word(effect: ReceiverEffect): string {
  if (effect.type === 'deliver') return String(effect.entry.message)
  if (effect.type === 'read') return `read ${effect.from}`
  return effect.type === 'fail' ? effect.error.code : effect.type
}

test('a silence shorter than a second is refused: each costs a call', () => {
  for (const silenceMs of [0, 999, NaN, '' as never])
    expect(() => receiverPolicy({ silenceMs })).toThrow(expect.objectContaining({ code: 'BAD_OPTIONS' }))
})

describe('a receiver of pushes', () => {
  test('delivers in order what overtook, once what came twice, and ends once', () => {
    const { words, state } = run([
      push(1, entry(1)),
      push(2, entry(0)),
      push(3, entry(1)),
      push(4, end(2)),
      push(5, end(2)),
    ])
    expect(words).toEqual(['0', '1', '2'])
    expect(state).toEqual({ name: 'ended' })
  })

  test('gives a missing entry 300 ms to come by push, then reads it from the log', () => {
    const missing = run([push(100, entry(0)), push(110, entry(2))])
    expect(missing.alarmAt).toBe(410)
    expect(run([push(100, entry(0)), push(110, entry(2)), { type: 'alarm', at: 409 }]).words).toEqual(['0'])
    const read = run([
      push(100, entry(0)),
      push(110, entry(2)),
      { type: 'alarm', at: 410 },
      page(450, entry(1), entry(2)),
    ])
    expect(read.words).toEqual(['0', 'read 1', '1', '2'])
  })

  test('a hint without entries is read at the hole timer', () => {
    const hint: ReceiverInput = { type: 'push', entries: [], known: 1, at: 10 }
    expect(run([hint, { type: 'alarm', at: 310 }]).words).toEqual(['read 0'])
  })

  test('silence is looked into with a read and a probe, ever less often while nothing lives', () => {
    const silent = run([{ type: 'alarm', at: 10_000 }])
    expect(silent.words).toEqual(['read 0', 'probe'])
    let state = openReceiver(0, 0)
    const pauses: number[] = []
    for (let at = 0, round = 0; round < 8; round++) {
      const alarmAt = receiverAlarmAt(state, policy)
      pauses.push(alarmAt - at)
      at = alarmAt
      state = stepReceiver(state, { type: 'alarm', at }, policy).state
      state = stepReceiver(state, page(at), policy).state
    }
    expect(pauses).toEqual([10_000, 10_000, 10_000, 10_000, 20_000, 40_000, 60_000, 60_000])
  })

  test('a function that shows life is asked every ten seconds however long it says nothing', () => {
    let state = openReceiver(0, 0)
    for (let at = 10_000; at <= 100_000; at += 10_000) {
      expect(receiverAlarmAt(state, policy)).toBe(at)
      state = stepReceiver(state, { type: 'alarm', at }, policy).state
      state = stepReceiver(
        state,
        { type: 'page', answer: { entries: [], more: false, beatAt: at }, at },
        policy,
      ).state
    }
  })

  test('when the log has what push did not bring, the socket is recovered and the log polled until a push comes', () => {
    const dead = [push(0, entry(0)), { type: 'alarm', at: 10_000 }, page(10_050, entry(1))] as const
    expect(run(dead).words).toEqual(['0', 'read 1', 'probe', 'recover', '1'])
    expect(run(dead).alarmAt).toBe(11_050)
    const polled = run([...dead, { type: 'alarm', at: 11_050 }, page(11_100, entry(2))])
    expect(polled.words.slice(5)).toEqual(['read 2', '2'])
    expect(run([...dead, push(10_100, entry(2))]).alarmAt).toBe(20_100)
  })

  test('the recovery names the time since when push brought nothing', () => {
    const { state } = run([push(200, entry(0)), { type: 'alarm', at: 10_200 }])
    const { effects } = stepReceiver(state, page(10_250, entry(1)), policy)
    expect(effects[0]).toEqual({ type: 'recover', since: 200 })
  })

  test('an app that is looked at often asks for the log after ten seconds of silence all the same', () => {
    const looks = Array.from({ length: 10 }, (_, index): ReceiverInput[] => [
      { type: 'look', at: index * 100 },
      page(index * 100 + 50),
    ]).flat()
    expect(run(looks).alarmAt).toBe(10_950)
  })

  test('a look while a read is under way is followed by another read', () => {
    const { words } = run([{ type: 'look', at: 0 }, { type: 'look', at: 5 }, page(10), page(20)])
    expect(words).toEqual(['read 0', 'probe', 'probe', 'read 0'])
  })

  test('a read without an answer counts as none after ten seconds, and a late answer still counts', () => {
    const { words, alarmAt } = run([
      { type: 'look', at: 0 },
      { type: 'alarm', at: 10_000 },
    ])
    expect(words).toEqual(['read 0', 'probe'])
    expect(alarmAt).toBe(11_000)
    expect(
      run([{ type: 'look', at: 0 }, { type: 'alarm', at: 10_000 }, page(12_000, entry(0))]).words[3],
    ).toBe('0')
  })

  test('a log whose beginning expired is an error, never a hole', () => {
    expect(run([{ type: 'look', at: 0 }, page(10, entry(3))]).words).toContain('HISTORY_EXPIRED')
  })

  test('without a log a lost push is an error after the hole timer, and silence only a probe', () => {
    expect(run([push(0, entry(1)), { type: 'alarm', at: 300 }], pushOnly).words).toEqual(['PUSH_LOST'])
    expect(
      run(
        [
          { type: 'alarm', at: 10_000 },
          { type: 'look', at: 10_001 },
        ],
        pushOnly,
      ).words,
    ).toEqual(['probe', 'probe'])
  })

  test('a reader that the cloud refuses three times makes a hole an error; one that is out of reach does not', () => {
    const attempt = (at: number, refused: boolean): ReceiverInput[] => [
      { type: 'alarm', at },
      { type: 'read-failed', refused, at },
    ]
    const times = [1_000, 3_000, 9_000, 20_000]
    const hole = push(0, entry(1))
    expect(run([hole, ...times.flatMap((at) => attempt(at, true))]).words).toEqual([
      'read 0',
      'read 0',
      'read 0',
      'PUSH_LOST',
    ])
    expect(run([hole, ...times.flatMap((at) => attempt(at, false))]).state.name).toBe('open')
  })
})

interface World {
  readonly count: number
  /** Decides about each push: lost, sent twice, and how late each arrives. */
  readonly random: () => number
}

interface Faults {
  /** Of pushes, and of reads: probabilities. */
  readonly loss: number
  readonly readLoss: number
  readonly duplicate: number
  readonly delayMs: number
}

/** One run under a clock of its own: a producer, a push service that loses, repeats and reorders, and the log. */
function simulate({ count, random }: World, faults: Faults) {
  const events: { at: number; happen: (at: number) => void }[] = []
  const later = (at: number, happen: (at: number) => void) => {
    let index = events.length
    while (index > 0 && events[index - 1]!.at > at) index--
    events.splice(index, 0, { at, happen })
  }
  const log: LogEntry[] = []
  const delivered: LogEntry[] = []
  let state: ReceiverState = openReceiver(0, 0)
  let reads = 0

  function feed(input: ReceiverInput) {
    const { state: after, effects } = stepReceiver(state, input, policy)
    state = after
    for (const effect of effects) {
      if (effect.type === 'deliver') delivered.push(effect.entry)
      if (effect.type === 'fail') throw effect.error
      if (effect.type !== 'read' || !('at' in input)) continue
      reads++
      const { from } = effect
      const askedAt = input.at + 20
      later(askedAt, (at) => {
        if (random() < faults.readLoss)
          return later(at + 20, (failedAt) => feed({ type: 'read-failed', refused: false, at: failedAt }))
        const entries = log.slice(from, from + 50)
        const answer = { entries, more: log.length > from + 50, beatAt: at }
        return later(at + 20, (answeredAt) => feed({ type: 'page', answer, at: answeredAt }))
      })
    }
  }

  for (let seq = 0; seq <= count; seq++)
    later(seq * 50, (at) => {
      const written: LogEntry = seq === count ? end(seq) : entry(seq)
      log.push(written)
      if (random() < faults.loss) return
      for (let copy = random() < faults.duplicate ? 2 : 1; copy > 0; copy--)
        later(at + 30 + (random() < 0.2 ? random() * faults.delayMs : 0), (arrivedAt) =>
          feed(push(arrivedAt, written)),
        )
    })
  let endedAt = 0
  for (let rounds = 0; state.name === 'open'; rounds++) {
    if (rounds > 10_000) throw new Error('the run does not end')
    const alarmAt = receiverAlarmAt(state, policy)
    const next = events[0]
    if (next && next.at <= alarmAt) {
      events.shift()
      next.happen(next.at)
      endedAt = next.at
    } else feed({ type: 'alarm', at: alarmAt })
  }
  return { delivered, reads, endedAt }
}

/** Uniform in [0, 1): mulberry32. */
function createRandom(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('under random faults', () => {
  test('1,000 runs of 200 messages at 20 % loss, duplication and reordering lose none and repeat none', () => {
    let reads = 0
    let worst = 0
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createRandom(seed)
        const result = simulate(
          { count: 200, random },
          { loss: 0.2, readLoss: 0.2, duplicate: 0.2, delayMs: 2_000 },
        )
        expect(result.delivered.map(({ seq }) => seq)).toEqual(Array.from({ length: 201 }, (_, seq) => seq))
        expect(result.delivered.at(-1)?.kind).toBe('end')
        reads += result.reads
        worst = Math.max(worst, result.endedAt - 200 * 50)
      }),
      { numRuns: 1_000 },
    )
    // A run lasts ten seconds and its reads are billed calls. The worst one met seven failing reads in a row.
    expect(reads / 1_000).toBeLessThan(40)
    expect(worst).toBeLessThan(90_000)
  }, 120_000)

  test('a push service that brings nothing at all costs time, not messages', () => {
    const faults = { loss: 1, readLoss: 0, duplicate: 0, delayMs: 0 }
    const { delivered, endedAt } = simulate({ count: 200, random: () => 0.5 }, faults)
    expect(delivered).toHaveLength(201)
    expect(endedAt).toBeLessThan(200 * 50 + 2_000)
  })
})
