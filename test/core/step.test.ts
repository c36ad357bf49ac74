import { describe, expect, test } from 'vitest'
import { ChannelError } from '../../src/core/channel-error.js'
import { knownOf, type Head } from '../../src/core/known.js'
import { alarmAt, initialState } from '../../src/core/state.js'
import type { Effect, Input, Policy, State } from '../../src/core/state.js'
import { step } from '../../src/core/step.js'

const policy: Policy = {
  attempts: 2,
  backoff: { baseMs: 100, capMs: 1000 },
  firstByteMs: 3000,
  idleMs: 4500,
  totalMs: Infinity,
}

type Loose<T> = T extends unknown ? Omit<T, 'generation' | 'at' | 'canRead' | 'random'> : never
type Short = Loose<Input> & { readonly at?: number; readonly canRead?: boolean; readonly generation?: number }

/** Plays inputs from idle; the current generation, time 0, a source that can read and chance 0.5 go without saying. */
function play(
  inputs: readonly Short[],
  limits: Partial<Policy> = {},
): { state: State; effects: Effect[]; last: Effect[] } {
  let state = initialState
  let last: readonly Effect[] = []
  const effects: Effect[] = []
  for (const input of inputs) {
    const full = { generation: state.generation, at: 0, canRead: true, random: 0.5, ...input } as Input
    ;({ state, effects: last } = step(state, full, { ...policy, ...limits }))
    effects.push(...last)
  }
  return { state, effects, last: [...last] }
}

const run = { expects: 'unknown', away: undefined } as const
const start: Short = { type: 'open', intent: 'start', known: knownOf('proposed'), ...run }
const read: Short = { type: 'open', intent: 'read', known: knownOf('named', 'a_4'), ...run }
const readWhole: Short = { type: 'open', intent: 'read', known: knownOf('named'), ...run }
const startHidden: Short = { ...start, away: 'background' }
const openedBy = (head: Head): Short => ({ type: 'opened', head })
const opened = openedBy({ channelId: 'named' })
const openedForeign = openedBy({})
const openedHidden = openedBy({ isHidden: true })
const finished: Short = { type: 'finished' }
const event = (id: string): Short => ({ type: 'event', event: { id, type: 'message', data: id } })
const lost = (
  code: ConstructorParameters<typeof ChannelError>[0] = 'CONNECTION_LOST',
  status?: number,
): Short => ({
  type: 'lost',
  error: new ChannelError(code, undefined, status === undefined ? {} : { status }),
})
const alarm = (at: number): Short => ({ type: 'alarm', at })
const hidden: Short = { type: 'away', reason: 'background' }
const back: Short = { type: 'back' }
const stop: Short = { type: 'stop' }
const done: Short = { type: 'finish', outcome: 'done', error: undefined }
const types = (effects: readonly Effect[]) => effects.map((effect) => effect.type)
const errorCode = (state: State) => (state.name === 'closed' ? state.error?.code : undefined)

describe('idle, closed', () => {
  test('open dials', () => {
    const { state, effects } = play([start])
    expect(state).toMatchObject({ name: 'connecting', intent: 'start' })
    expect(effects).toEqual([{ type: 'dial', generation: 1, intent: 'start', cursor: undefined }])
  })

  test('open in the background pauses and dials the start when back', () => {
    expect(play([startHidden])).toMatchObject({ state: { name: 'paused' }, effects: [] })
    expect(play([startHidden, back]).effects).toMatchObject([{ type: 'dial', intent: 'start' }])
  })

  test('open after the end begins a new run that forgets cursor and failures', () => {
    const { state, last } = play([start, opened, event('a_0'), lost(), stop, start])
    expect(last).toMatchObject([{ type: 'dial', intent: 'start', cursor: undefined }])
    expect(state).toMatchObject({
      name: 'connecting',
      run: { failures: 0, known: { cursor: undefined, accepted: false } },
    })
  })

  test('a second open while a run is live changes nothing', () => {
    expect(play([start, start]).effects).toHaveLength(1)
    expect(play([start, lost(), read]).state.name).toBe('waiting')
  })

  test('stop and leave have nothing to do', () => {
    expect(play([stop, { type: 'leave' }])).toEqual({ state: initialState, effects: [], last: [] })
    expect(play([start, stop, stop, { type: 'leave' }]).last).toEqual([])
  })
})

describe('connecting', () => {
  test('opened opens and sets the idle limit', () => {
    expect(play([start, { ...opened, at: 70 }]).state).toMatchObject({ name: 'open', deadline: 4570 })
  })

  test('an answer that does not begin is lost as FIRST_BYTE_TIMEOUT', () => {
    const { state } = play([start, alarm(3000)])
    expect(state).toMatchObject({ name: 'waiting', error: { code: 'FIRST_BYTE_TIMEOUT' } })
  })

  test('a refused start ends the run, even where a read would be tried again', () => {
    const { state, last } = play([start, lost('SERVER_BUSY', 503)])
    expect(errorCode(state)).toBe('SERVER_BUSY')
    expect(types(last)).toEqual(['hang-up'])
  })

  test('a refused read is tried again where that can help', () => {
    expect(play([read, lost('SERVER_BUSY', 503)]).state.name).toBe('waiting')
    expect(errorCode(play([read, lost('FORBIDDEN', 403)]).state)).toBe('FORBIDDEN')
  })

  test('an unknown channel after a start that never arrived is a lost connection', () => {
    const { state } = play([start, lost(), alarm(1000), lost('CHANNEL_NOT_FOUND', 404)])
    expect(errorCode(state)).toBe('CONNECTION_LOST')
    const accepted = play([start, opened, lost(), alarm(1000), lost('CHANNEL_NOT_FOUND', 404)])
    expect(errorCode(accepted.state)).toBe('CHANNEL_NOT_FOUND')
  })

  test('a start that finds no channel names the address, not a channel', () => {
    const { state } = play([start, lost('CHANNEL_NOT_FOUND', 404)])
    expect(errorCode(state)).toBe('WRONG_URL')
  })

  test('an end before any answer is a loss, also where nothing can be read on', () => {
    expect(errorCode(play([start, { type: 'ended', canRead: false }]).state)).toBe('CONNECTION_LOST')
  })
})

describe('open', () => {
  const live = [start, opened, event('a_0')]

  test('the next event is delivered and moves the cursor', () => {
    const { state, last } = play([...live, event('a_1')])
    expect(last).toMatchObject([{ type: 'deliver', event: { id: 'a_1' } }])
    expect(state).toMatchObject({ run: { known: { cursor: 'a_1' } } })
  })

  test('a duplicate is dropped but shows that the connection lives', () => {
    const { state, last } = play([...live, { ...event('a_0'), at: 90 }])
    expect(last).toEqual([])
    expect(state).toMatchObject({ name: 'open', deadline: 4590, run: { known: { cursor: 'a_0' } } })
  })

  test('after a gap it reads again from the cursor, at once', () => {
    const { state, last } = play([...live, event('a_2')])
    expect(types(last)).toEqual(['hang-up'])
    expect(state).toMatchObject({ name: 'waiting', deadline: 0, error: { code: 'SEQUENCE_GAP' } })
    expect(play([...live, event('a_2'), alarm(0)]).last).toMatchObject([
      { type: 'dial', intent: 'read', cursor: 'a_0' },
    ])
  })

  test('a gap that nothing can fill ends as CONNECTION_LOST', () => {
    expect(errorCode(play([...live, { ...event('a_2'), canRead: false }]).state)).toBe('CONNECTION_LOST')
    expect(errorCode(play([...live, event(''), event('a_2')]).state)).toBe('CONNECTION_LOST')
  })

  test('a first event that is not number 0 is looked for again at once', () => {
    const { state, last } = play([start, opened, event('a_3')])
    expect(types(last)).toEqual(['hang-up'])
    expect(state).toMatchObject({ name: 'waiting', deadline: 0, error: { code: 'SEQUENCE_GAP' } })
  })

  test('what a server gives three times without a beginning is no run, and read from there on', () => {
    const look = [opened, event('a_3'), alarm(0)]
    const joined = [readWhole, ...look, ...look, opened, event('a_4'), event('a_5')]
    const given = play(joined).effects.filter((effect) => effect.type === 'deliver')
    expect(given.map(({ event }) => event.id)).toEqual(['a_4', 'a_5'])
    expect(play([...joined, lost(), alarm(1000)]).last).toMatchObject([{ type: 'dial', cursor: 'a_5' }])
    expect(play([readWhole, opened, event('a_3')], { attempts: 0 }).state).toMatchObject({ name: 'open' })
    // It has not been seen, whatever its number says.
    expect(errorCode(play([...joined, event('a_2')]).state)).toBe('HISTORY_EXPIRED')
  })

  test('a run that was started here is never joined in its middle, however often its order is mixed up', () => {
    const look = [opened, event('a_1'), alarm(0)]
    const { state, effects } = play([start, ...look, ...look, ...look, opened, event('a_0'), event('a_1')], {
      attempts: 9,
    })
    const given = effects.filter((effect) => effect.type === 'deliver').map(({ event }) => event.id)
    expect(given).toEqual(['a_0', 'a_1'])
    expect(state).toMatchObject({ name: 'open', run: { failures: 0 } })
  })

  test('a start whose answer has no beginning, and that nothing can be read of, is HISTORY_EXPIRED', () => {
    expect(errorCode(play([start, opened, event('a_3')], { attempts: 0 }).state)).toBe('HISTORY_EXPIRED')
  })

  test('another epoch is HISTORY_EXPIRED', () => {
    expect(errorCode(play([...live, event('b_1')]).state)).toBe('HISTORY_EXPIRED')
  })

  test("the run's end hangs up", () => {
    expect(play([...live, done])).toMatchObject({
      state: { name: 'closed', outcome: 'done' },
      last: [{ type: 'hang-up' }],
    })
  })

  test('silence is lost as IDLE_TIMEOUT, and a heartbeat puts it off', () => {
    expect(play([...live, alarm(4500)]).state).toMatchObject({
      name: 'waiting',
      error: { code: 'IDLE_TIMEOUT' },
    })
    expect(play([...live, { type: 'activity', at: 1000 }, alarm(4500)]).state.name).toBe('open')
  })

  test('an early alarm changes nothing', () => {
    expect(play([...live, alarm(4499)]).state.name).toBe('open')
  })

  test('a stream that ends in order is read on from its cursor', () => {
    expect(play([...live, { type: 'ended' }, alarm(1000)]).last).toMatchObject([
      { type: 'dial', cursor: 'a_0' },
    ])
  })

  test('without cursors the consumer says how the run ended, and a loss is CONNECTION_LOST', () => {
    const blind = [start, opened, event('')]
    expect(play([...blind, { type: 'ended' }])).toMatchObject({
      state: { name: 'open' },
      last: [{ type: 'conclude' }],
    })
    expect(errorCode(play([...blind, lost('IDLE_TIMEOUT')]).state)).toBe('CONNECTION_LOST')
    expect(errorCode(play([...blind, alarm(4500)]).state)).toBe('CONNECTION_LOST')
    expect(errorCode(play([...live, { ...lost(), canRead: false }]).state)).toBe('CONNECTION_LOST')
  })

  test('an error no retry can help ends the run under its own name', () => {
    expect(errorCode(play([...live, lost('EVENT_TOO_LARGE')]).state)).toBe('EVENT_TOO_LARGE')
    expect(errorCode(play([start, opened, event(''), lost('EVENT_TOO_LARGE')]).state)).toBe('EVENT_TOO_LARGE')
  })
})

describe('waiting', () => {
  test('the timer dials a read from the cursor, never the start', () => {
    const { last } = play([start, lost(), alarm(1000)])
    expect(last).toEqual([{ type: 'dial', generation: 3, intent: 'read', cursor: undefined }])
  })

  test('failures are counted until an event is delivered, not until a connection opens', () => {
    const accepting = [opened, lost(), alarm(90_000)]
    expect(errorCode(play([start, ...accepting, ...accepting, opened, lost()]).state)).toBe('CONNECTION_LOST')
    const delivering = [start, ...accepting, ...accepting, opened, event('a_0'), lost()]
    expect(play(delivering).state).toMatchObject({ name: 'waiting', run: { failures: 1 } })
  })

  test('the pause is the larger of retry: and Retry-After plus the backoff', () => {
    const busy: Short = {
      type: 'lost',
      error: new ChannelError('SERVER_BUSY', undefined, { status: 503, retryAfterMs: 2000 }),
    }
    const wish = (delayMs: number): Short => ({ type: 'retry', delayMs })
    expect(play([read, wish(700), lost()]).state).toMatchObject({ deadline: 750 })
    expect(play([read, wish(700), busy]).state).toMatchObject({ deadline: 2050 })
    expect(play([read, wish(7000), busy]).state).toMatchObject({ deadline: 7050 })
  })

  test('a server may ask for an hour at most', () => {
    expect(play([read, { type: 'retry', delayMs: Infinity }, lost()]).state).toMatchObject({
      deadline: 3_600_050,
    })
  })

  test('what the dead connection still says changes nothing', () => {
    const waiting = play([start, opened, event('a_0'), lost()])
    const late: Short[] = [
      opened,
      event('a_1'),
      done,
      lost(),
      { type: 'ended' },
      { type: 'retry', delayMs: 9 },
    ]
    for (const input of late) {
      const { state, last } = play([start, opened, event('a_0'), lost(), { ...input, generation: 1 }])
      expect(state).toEqual(waiting.state)
      expect(last).toEqual([])
    }
  })
})

describe('a start that did not arrive', () => {
  const unsent: Short = { type: 'unsent', error: new ChannelError('CONNECTION_LOST') }
  const missing = (keptMs: number | undefined, at: number): Short => ({
    type: 'lost',
    at,
    error: new ChannelError('CHANNEL_NOT_FOUND', undefined, {
      status: 404,
      ...(keptMs !== undefined && { keptMs }),
    }),
  })

  test('is dialled again when nothing of it had left, also where nothing can be read', () => {
    expect(play([start, unsent]).state.name).toBe('waiting')
    expect(play([start, unsent, alarm(100)]).last).toMatchObject([{ type: 'dial', intent: 'start' }])
    expect(play([start, { ...unsent, canRead: false }, alarm(100)]).last).toMatchObject([
      { type: 'dial', intent: 'start' },
    ])
  })

  test('is dialled again at once when the server has lost no channel since before it was', () => {
    const { state } = play([start, lost(), alarm(100), missing(1_000, 200)])
    expect(state).toMatchObject({ name: 'waiting', deadline: 200 })
    expect(play([start, lost(), alarm(100), missing(1_000, 200), alarm(200)]).last).toMatchObject([
      { type: 'dial', intent: 'start' },
    ])
  })

  test.each([
    ['the server does not say what it has kept', [missing(undefined, 200)]],
    ['the server has begun since', [missing(200, 200)]],
    ['the clock was put back', [missing(1_000, -1)]],
  ] as const)('is not when %s', (_why, inputs) => {
    const { state } = play([start, lost(), alarm(100), ...inputs])
    expect(errorCode(state)).toBe('CONNECTION_LOST')
  })

  test('is not once the run was accepted, nor when none was made', () => {
    expect(errorCode(play([start, opened, lost(), alarm(100), missing(1_000, 200)]).state)).toBe(
      'CHANNEL_NOT_FOUND',
    )
    expect(errorCode(play([read, missing(1_000, 200)]).state)).toBe('CHANNEL_NOT_FOUND')
    expect(play([read, unsent, alarm(100)]).last).toMatchObject([{ type: 'dial', intent: 'read' }])
  })

  test('waits for waking, and is no secret to stop', () => {
    expect(play([start, hidden, unsent]).state.name).toBe('paused')
    expect(play([start, hidden, unsent, back]).last).toMatchObject([{ type: 'dial', intent: 'start' }])
    expect(types(play([start, unsent, stop]).last)).toEqual(['hang-up'])
    expect(types(play([start, lost(), stop]).last)).toEqual(['hang-up', 'tell-producer'])
  })

  test('is given up after the attempts, as a lost connection', () => {
    const { state } = play([start, unsent, alarm(1_000), unsent, alarm(2_000), unsent])
    expect(errorCode(state)).toBe('CONNECTION_LOST')
    const unknown = play([start, lost(), alarm(1_000), lost(), alarm(2_000), missing(9_000, 2_000)])
    expect(errorCode(unknown.state)).toBe('CONNECTION_LOST')
  })
})

describe('away and back', () => {
  test('an open stream is hung up and read on from the cursor', () => {
    const { state, last } = play([start, opened, event('a_0'), hidden])
    expect(state.name).toBe('paused')
    expect(types(last)).toEqual(['hang-up'])
    expect(play([start, opened, event('a_0'), hidden, back]).last).toMatchObject([
      { type: 'dial', intent: 'read', cursor: 'a_0' },
    ])
  })

  test('a start on its way is left to the platform, and paused when its answer comes', () => {
    expect(play([start, hidden])).toMatchObject({ state: { name: 'connecting' }, last: [] })
    expect(play([start, hidden, opened])).toMatchObject({
      state: { name: 'paused' },
      last: [{ type: 'hang-up' }],
    })
    expect(play([start, hidden, opened, back]).last).toMatchObject([{ type: 'dial', intent: 'read' }])
  })

  test('a start lost in the background waits until back, then reads', () => {
    expect(play([start, hidden, lost()]).state.name).toBe('paused')
    expect(play([start, hidden, lost(), back]).last).toMatchObject([{ type: 'dial', intent: 'read' }])
  })

  test('a stream that cannot be read on is left to the platform', () => {
    expect(play([start, opened, { ...hidden, canRead: false }])).toMatchObject({
      state: { name: 'open' },
      last: [],
    })
    expect(play([start, opened, event(''), hidden])).toMatchObject({ state: { name: 'open' }, last: [] })
  })

  test('backoff is paused too, and waking resets the count', () => {
    const { state } = play([start, opened, event('a_0'), lost(), hidden, back])
    expect(state).toMatchObject({ name: 'connecting', intent: 'read', run: { failures: 0 } })
  })

  test('saying it twice does it once', () => {
    expect(play([start, opened, hidden, hidden]).last).toEqual([])
    expect(play([start, opened, hidden, back, back]).last).toEqual([])
  })
})

describe('stop', () => {
  test.each([
    ['connecting', [start]],
    ['open', [start, opened]],
    ['waiting', [start, lost()]],
    ['paused', [start, opened, hidden]],
  ] as const)('while %s ends the run, hangs up and tells the producer', (name, before) => {
    expect(play([...before]).state.name).toBe(name)
    const { state, last } = play([...before, stop])
    expect(state).toMatchObject({ name: 'closed', outcome: 'stopped', error: undefined })
    expect(types(last)).toEqual(['hang-up', 'tell-producer'])
  })

  test('of a start that was never sent tells nobody', () => {
    expect(types(play([startHidden, stop]).last)).toEqual(['hang-up'])
  })

  test('during backoff, the timer that was set dials nothing', () => {
    expect(play([start, lost(), stop, alarm(1000)]).last).toEqual([])
  })

  test('leave hangs up and lets the producer go on', () => {
    const { state, last } = play([start, opened, { type: 'leave' }])
    expect(state).toMatchObject({ name: 'closed', outcome: 'stopped' })
    expect(types(last)).toEqual(['hang-up'])
    expect(play([start, opened, hidden, { type: 'leave' }]).state.name).toBe('closed')
  })
})

describe('the total limit', () => {
  test.each([
    ['connecting', [start]],
    ['open', [start, opened]],
    ['waiting', [start, lost()]],
    ['paused', [start, opened, hidden]],
  ] as const)('ends the run while %s and tells the producer', (_name, before) => {
    const { state, last } = play([...before, alarm(2000)], {
      totalMs: 2000,
      backoff: { baseMs: 1e6, capMs: 1e6 },
    })
    expect(errorCode(state)).toBe('TOTAL_TIMEOUT')
    expect(types(last)).toEqual(['hang-up', 'tell-producer'])
  })

  test('tells nobody about a start that was never sent', () => {
    expect(types(play([startHidden, alarm(2000)], { totalMs: 2000 }).last)).toEqual(['hang-up'])
  })

  test('switched off, a paused run needs no alarm', () => {
    expect(alarmAt(play([startHidden]).state)).toBe(Infinity)
  })
})

describe('whose server it is', () => {
  const known = (inputs: readonly Short[]) => {
    const { state } = play(inputs)
    return state.name === 'idle' ? undefined : state.run.known
  }
  const ids = (inputs: readonly Short[]) =>
    play(inputs).effects.flatMap((effect) => (effect.type === 'deliver' ? [effect.event.id] : []))

  test('is ours once it names the channel, and stays ours when a later head does not', () => {
    expect(known([start])).toMatchObject({ server: 'unknown', channelId: 'proposed' })
    expect(known([start, opened])).toMatchObject({ server: 'ours', channelId: 'named' })
    expect(known([start, opened, lost(), alarm(1000), openedForeign])).toMatchObject({ server: 'ours' })
  })

  test.each([
    ['numbers', ['1', '2', '3']],
    ['one id for all', ['m', 'm', 'm']],
    ['what looks like cursors', ['run_5', 'run_0', 'other_3']],
  ])(
    'is foreign when it names none: %s are no cursors, all is delivered and nothing read on',
    (_n, given) => {
      const inputs = [start, openedForeign, ...given.map(event)]
      expect(ids(inputs)).toEqual(given)
      expect(known(inputs)).toMatchObject({ server: 'foreign', cursor: undefined })
      expect(play([...inputs, { type: 'ended' }]).last).toEqual([{ type: 'conclude' }])
      expect(errorCode(play([...inputs, lost()]).state)).toBe('CONNECTION_LOST')
    },
  )

  test('is unknown where heads are hidden: ids count as long as they go on like ours', () => {
    const counting = [start, openedHidden, event('a_0'), event('a_1')]
    expect(known(counting)).toMatchObject({ server: 'unknown', cursor: 'a_1' })
    expect(play([...counting, lost(), alarm(1000)]).last).toMatchObject([{ type: 'dial', cursor: 'a_1' }])
    const inherited = [start, openedHidden, event('run_0'), event('run_0'), event('run_0')]
    expect(ids(inherited)).toEqual(['run_0', 'run_0', 'run_0'])
    expect(known(inherited)).toMatchObject({ server: 'foreign', blind: true })
  })

  test('is ours when it goes on from a cursor that it was asked with, named or not', () => {
    expect(known([read, openedHidden, event('a_5')])).toMatchObject({ server: 'ours', cursor: 'a_5' })
    expect(known([read, openedForeign, event('a_5')])).toMatchObject({ server: 'ours', cursor: 'a_5' })
    expect(ids([read, openedHidden, event('a_3'), event('a_5')])).toEqual(['a_5'])
    expect(errorCode(play([read, openedHidden, event('b_5')]).state)).toBe('HISTORY_EXPIRED')
  })

  test('a producer that cannot be told is not', () => {
    expect(types(play([start, openedForeign, event('1'), stop]).last)).toEqual(['hang-up'])
    expect(types(play([start, stop]).last)).toEqual(['hang-up', 'tell-producer'])
  })

  test('decides how long silence is borne, and nobody is known before its head', () => {
    const others = { firstByteMs: 90_000, idleMs: 80_000 }
    const deadline = (inputs: readonly Short[]) => {
      const { state } = play(inputs, { others })
      return 'deadline' in state ? state.deadline : undefined
    }
    expect(deadline([start])).toBe(90_000)
    expect(deadline([{ ...start, expects: 'ours' } as Short])).toBe(3000)
    expect(deadline([read])).toBe(3000)
    expect(deadline([start, opened])).toBe(4500)
    expect(deadline([start, openedForeign])).toBe(80_000)
    expect(deadline([start, openedHidden, event('a_0')])).toBe(80_000)
    expect(deadline([start, openedForeign, { type: 'activity', at: 7 }])).toBe(80_007)
  })
})

describe('204', () => {
  test('to a cursor that was given says that the run is over', () => {
    expect(play([read, finished])).toMatchObject({
      state: { name: 'closed', outcome: 'done' },
      last: [{ type: 'hang-up' }],
    })
  })

  test('to a cursor that was read to asks the consumer, who has not seen an end', () => {
    const inputs = [start, opened, event('a_0'), lost(), alarm(1000), finished]
    expect(play(inputs).last).toEqual([{ type: 'conclude' }])
  })

  test('to anybody else proves nothing', () => {
    expect(errorCode(play([readWhole, finished]).state)).toBe('NO_ACTIVE_STREAM')
    expect(errorCode(play([start, finished]).state)).toBe('NO_ACTIVE_STREAM')
    expect(errorCode(play([start, opened, lost(), alarm(1000), finished]).state)).toBe('NO_ACTIVE_STREAM')
    expect(errorCode(play([start, lost(), alarm(1000), finished]).state)).toBe('CONNECTION_LOST')
  })
})

describe('what has become of the run', () => {
  const fate = (inputs: readonly Short[]) => {
    const { state } = play(inputs)
    return state.name === 'closed' ? state.run.known.fate : state.name
  }
  const half = [start, opened, event('a_0')]
  const failed = (code: ConstructorParameters<typeof ChannelError>[0]): Short => ({
    type: 'finish',
    outcome: 'error',
    error: new ChannelError(code),
  })

  test('is open after whatever refused a read', () => {
    for (const code of ['UNAUTHORIZED', 'FORBIDDEN', 'BAD_CONTENT_TYPE', 'BAD_OPTIONS'] as const)
      expect(fate([...half, lost(), alarm(1000), lost(code)])).toBe('alive')
  })

  test('is settled by its own last event, a stop, or a server that does not know it', () => {
    expect(fate([...half, failed('RATE_LIMITED')])).toBe('over')
    expect(fate([...half, stop])).toBe('over')
    expect(fate([...half, lost('CHANNEL_NOT_FOUND', 404)])).toBe('over')
    expect(fate([...half, { type: 'leave' }])).toBe('alive')
  })

  test('is lost to us when what comes cannot be read', () => {
    expect(fate([...half, failed('BAD_EVENT')])).toBe('lost')
    expect(fate([...half, event('b_1')])).toBe('lost')
  })

  test('a start that was refused, or never sent, has not arrived; one that nobody answered may have', () => {
    const startedAt = (inputs: readonly Short[]) => {
      const { state } = play(inputs)
      return state.name === 'closed' ? state.run.known.startedAt : state.name
    }
    expect(startedAt([start, lost('FORBIDDEN', 403)])).toBeUndefined()
    expect(startedAt([start, { type: 'unsent', error: new ChannelError('BAD_OPTIONS') }])).toBeUndefined()
    expect(startedAt([start, lost('SERVER_ERROR', 504)])).toBe(0)
    expect(startedAt([start, lost(), alarm(1000), lost('FORBIDDEN', 403)])).toBe(0)
  })

  test('an error claims no more of such a start than is known', () => {
    const { state } = play([start, lost(), alarm(1000), lost('CHANNEL_NOT_FOUND', 404)])
    expect(state).toMatchObject({ error: { code: 'CONNECTION_LOST', cause: { code: 'CHANNEL_NOT_FOUND' } } })
    expect(state).toMatchObject({ error: { message: expect.stringMatching(/may have got the request/) } })
  })
})
