import { describe, expect, test } from 'vitest'
import { ChannelError } from '../../src/core/channel-error.js'
import type { ChannelEvent } from '../../src/core/channel-event.js'
import { knownOf } from '../../src/core/known.js'
import { createSession, type Background, type Ending } from '../../src/core/session.js'
import type { Policy, State } from '../../src/core/state.js'
import { FakeClock } from '../helpers/fake-clock.js'
import { FakeLifecycle } from '../helpers/fake-lifecycle.js'
import { ScriptedSource } from '../helpers/scripted-source.js'

const policy: Policy = {
  attempts: 2,
  backoff: { baseMs: 100, capMs: 1000 },
  firstByteMs: 3000,
  idleMs: 4500,
  totalMs: Infinity,
}

const lostError = new ChannelError('CONNECTION_LOST')

function setup(options: { background?: Background; policy?: Partial<Policy> } = {}) {
  const source = new ScriptedSource()
  const clock = new FakeClock()
  const lifecycle = new FakeLifecycle()
  const received: string[] = []
  const states: State[] = []
  const stopFailures: ChannelError[] = []
  const on = {
    receive: (event: ChannelEvent): Ending | undefined =>
      event.data === 'end' ? { outcome: 'done' } : undefined,
    state: (_state: State) => undefined as unknown,
  }
  const session = createSession<unknown>({
    source,
    clock,
    lifecycle,
    policy: { ...policy, ...options.policy },
    background: options.background ?? 'resume',
    receive(event) {
      received.push(event.data)
      return on.receive(event)
    },
    onState(state) {
      states.push(state)
      on.state(state)
    },
    onStopFailed: (error) => stopFailures.push(error),
  })
  const holdsNothing = () => {
    expect(clock.pending).toBe(0)
    expect(lifecycle.listeners.size).toBe(0)
    expect(source.live).toBe(0)
  }
  return { session, source, clock, lifecycle, received, states, stopFailures, on, holdsNothing }
}

describe('a run', () => {
  test('is started once, read on after losses, and ends with its last event', () => {
    const { session, source, clock, received, holdsNothing } = setup()
    session.start(knownOf('channel'), { prompt: 'hi' })
    expect(source.last.intent).toEqual({ kind: 'start', channelId: 'channel', input: { prompt: 'hi' } })
    source.open()
    source.event('a_0')
    source.lose(lostError)
    clock.advance(50)
    source.open()
    source.event('a_1')
    source.event('a_2', 'end')
    expect(source.dials).toEqual(['start', 'read a_0'])
    expect(received).toEqual(['a_0', 'a_1', 'end'])
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'done' })
    holdsNothing()
  })

  test('goes by the id the server answers with, for reads and for stop', () => {
    const { session, source, clock } = setup()
    session.start(knownOf('proposed'), 'x')
    source.open('given')
    source.event('a_0')
    source.lose(lostError)
    clock.advance(50)
    expect(source.last.intent).toMatchObject({ kind: 'read', channelId: 'given' })
    session.stop()
    expect(source.stops).toEqual(['given'])
  })

  test('is not started again after stop during backoff', () => {
    const { session, source, clock, holdsNothing } = setup()
    session.start(knownOf('channel'), 'x')
    source.lose(lostError)
    expect(clock.pending).toBe(1)
    session.stop()
    holdsNothing()
    clock.advance(1_000_000)
    expect(source.dials).toEqual(['start'])
  })

  test('is started again, with its input, when nothing of the start had left', () => {
    const { session, source, clock } = setup()
    session.start(knownOf('channel'), { prompt: 'hi' })
    source.last.observer.unsent(lostError)
    clock.advance(50)
    expect(source.dials).toEqual(['start', 'start'])
    expect(source.last.intent).toEqual({ kind: 'start', channelId: 'channel', input: { prompt: 'hi' } })
  })

  test('ends after the attempts allowed, whatever the connections accept', () => {
    const { session, source, clock, holdsNothing } = setup()
    session.start(knownOf('channel'), 'x')
    for (let i = 0; i < 10; i++) {
      source.open()
      source.lose(lostError)
      clock.advance(1000)
    }
    expect(source.dials).toHaveLength(3)
    expect(session.state).toMatchObject({
      name: 'closed',
      outcome: 'error',
      error: { code: 'CONNECTION_LOST' },
    })
    holdsNothing()
  })

  test('a second start is ignored while one is live, its input too', () => {
    const { session, source, clock } = setup()
    session.start(knownOf('one'), 'first')
    session.start(knownOf('two'), 'second')
    session.read(knownOf('three', 'a_9'))
    expect(source.dials).toEqual(['start'])
    source.lose(lostError)
    clock.advance(50)
    expect(source.last.intent).toMatchObject({ channelId: 'one' })
  })

  test('reads from a cursor without ever starting', () => {
    const { session, source, received } = setup()
    session.read(knownOf('channel', 'a_4'))
    source.open()
    source.event('a_4')
    source.event('a_5')
    expect(source.dials).toEqual(['read a_4'])
    expect(received).toEqual(['a_5'])
  })
})

describe('a dead connection', () => {
  test('changes nothing with anything it still says', () => {
    const { session, source, clock, received, states } = setup()
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    const dead = source.last
    source.lose(lostError)
    const say = () => {
      dead.observer.opened({ channelId: 'stolen' })
      dead.observer.event({ id: 'a_1', type: 'message', data: 'late' })
      dead.observer.activity()
      dead.observer.retry(1)
      dead.observer.ended()
      dead.observer.lost(new ChannelError('FORBIDDEN'))
      dead.observer.finished()
    }
    const count = states.length
    say()
    expect(states).toHaveLength(count)
    clock.advance(50)
    source.open()
    const reopened = session.state
    say()
    expect(session.state).toBe(reopened)
    session.stop()
    const closed = session.state
    source.last.observer.event({ id: 'a_1', type: 'message', data: 'late' })
    source.last.observer.opened({ channelId: 'stolen' })
    say()
    expect(session.state).toBe(closed)
    expect(received).toEqual(['a_0'])
    expect(session.channelId).toBe('channel')
  })

  test('is hung up exactly once', () => {
    const { session, source } = setup()
    session.start(knownOf('channel'), 'x')
    source.lose(lostError)
    session.stop()
    session.stop()
    session.leave()
    expect(source.last.hungUp).toBe(1)
  })
})

describe('a callback that calls stop()', () => {
  test('from receive: nothing after it is delivered, and the run is stopped', () => {
    const { session, source, received, on, holdsNothing } = setup()
    on.receive = () => {
      session.stop()
      expect(session.state.name).toBe('open')
      return undefined
    }
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    source.event('a_1')
    expect(received).toEqual(['a_0'])
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'stopped' })
    expect(source.stops).toEqual(['channel'])
    holdsNothing()
  })

  test.each(['connecting', 'open', 'waiting'] as const)('from onState at %s: the run is stopped', (name) => {
    const { session, source, clock, on, holdsNothing } = setup()
    on.state = (state) => state.name === name && session.stop()
    session.start(knownOf('channel'), 'x')
    if (name !== 'connecting') source.open()
    if (name === 'waiting') source.lose(lostError)
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'stopped' })
    clock.advance(100_000)
    expect(source.dials).toEqual(['start'])
    expect(source.stops).toEqual(['channel'])
    holdsNothing()
  })

  test('from inside connect: the connection it was making is hung up', () => {
    const { session, source, holdsNothing } = setup()
    source.onConnect = () => session.stop()
    session.start(knownOf('channel'), 'x')
    expect(source.last.hungUp).toBe(1)
    holdsNothing()
  })

  test('a start from onState at the end begins the next run', () => {
    const { session, source, on } = setup()
    on.state = (state) =>
      state.name === 'closed' && session.channelId === 'one' && session.start(knownOf('two'), 'y')
    session.start(knownOf('one'), 'x')
    session.stop()
    expect(source.dials).toEqual(['start', 'start'])
    expect(session.state.name).toBe('connecting')
  })
})

describe('connect', () => {
  test('that throws is a lost connection, and is tried again as a read', () => {
    const { session, source, clock } = setup()
    source.onConnect = () => {
      throw new TypeError('no network')
    }
    session.start(knownOf('channel'), 'x')
    expect(session.state).toMatchObject({ name: 'waiting', error: { code: 'CONNECTION_LOST' } })
    clock.advance(50)
    expect(source.dials).toEqual(['start', 'read from the start'])
  })

  test('that throws an error of ours keeps its code', () => {
    const { session, source, holdsNothing } = setup()
    source.onConnect = () => {
      throw new ChannelError('BAD_OPTIONS')
    }
    session.start(knownOf('channel'), 'x')
    expect(session.state).toMatchObject({ name: 'closed', error: { code: 'BAD_OPTIONS' } })
    source.connections.length = 0
    holdsNothing()
  })

  test('that fails before it returns leaves no connection', () => {
    const { session, source } = setup()
    source.onConnect = ({ observer }) => observer.lost(new ChannelError('FORBIDDEN'))
    session.start(knownOf('channel'), 'x')
    expect(session.state).toMatchObject({ name: 'closed', error: { code: 'FORBIDDEN' } })
    expect(source.live).toBe(0)
  })

  test('that tells the whole run before it returns ends with its last event, and delivers nothing after it', () => {
    const { session, source, received, on } = setup()
    on.receive = (event) => (event.data === 'end' ? { outcome: 'stopped' } : undefined)
    source.readable = false
    source.onConnect = ({ observer }) => {
      observer.opened({ channelId: undefined })
      observer.event({ id: 'a_0', type: 'message', data: 'text' })
      observer.event({ id: 'a_1', type: 'message', data: 'end' })
      observer.event({ id: 'a_2', type: 'message', data: 'too late' })
      observer.ended()
    }
    session.start(knownOf('channel'), 'x')
    expect(received).toEqual(['text', 'end'])
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'stopped' })
  })
})

describe('time', () => {
  test('the idle limit moves with every event, without a timer for each', () => {
    const { session, source, clock } = setup()
    session.start(knownOf('channel'), 'x')
    source.open()
    const before = clock.timersMade
    for (let i = 0; i < 1000; i++) {
      clock.advance(4)
      source.event(`a_${i}`)
    }
    // One that was set for the first byte, and asked again.
    expect(clock.timersMade - before).toBe(1)
    clock.advance(4499)
    expect(session.state.name).toBe('open')
    expect(clock.pending).toBe(1)
    clock.advance(1)
    expect(session.state).toMatchObject({ name: 'waiting', error: { code: 'IDLE_TIMEOUT' } })
    expect(source.connections[0]?.hungUp).toBe(1)
  })

  test('after a suspension a timer fires late and the connection is replaced once', () => {
    const { session, source, clock } = setup()
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    clock.suspend(3_600_000)
    expect(session.state.name).toBe('waiting')
    clock.suspend(3_600_000)
    expect(source.dials).toEqual(['start', 'read a_0'])
    expect(source.live).toBe(1)
    expect(clock.pending).toBe(1)
  })

  test('a clock set back makes an alarm early, and it is set again', () => {
    const { session, source, clock } = setup()
    session.start(knownOf('channel'), 'x')
    source.open()
    clock.time -= 10_000
    clock.advance(14_500)
    expect(session.state.name).toBe('waiting')
  })

  test('a limit longer than a timer can hold is kept in pieces', () => {
    const { session, source, clock } = setup({
      policy: { firstByteMs: 2 ** 33, idleMs: 2 ** 33, totalMs: 2 ** 32 },
    })
    session.start(knownOf('channel'), 'x')
    source.open()
    expect(clock.nextIn).toBeLessThan(2 ** 31)
    clock.advance(2 ** 32 - 1)
    expect(session.state.name).toBe('open')
    clock.advance(1)
    expect(session.state).toMatchObject({ error: { code: 'TOTAL_TIMEOUT' } })
    expect(source.stops).toEqual(['channel'])
  })

  test('limits switched off need no timer', () => {
    const { session, source, clock } = setup({ policy: { idleMs: Infinity, firstByteMs: Infinity } })
    session.start(knownOf('channel'), 'x')
    source.open()
    expect(clock.pending).toBe(0)
  })
})

describe('background', () => {
  test('resume hangs up and reads on when back', () => {
    const { session, source, lifecycle, clock } = setup()
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    lifecycle.tell('background')
    expect(session.state.name).toBe('paused')
    expect(source.live).toBe(0)
    expect(clock.pending).toBe(0)
    lifecycle.tell('foreground')
    expect(source.dials).toEqual(['start', 'read a_0'])
  })

  test('resume, begun in the background, starts when back', () => {
    const { session, source, lifecycle } = setup()
    lifecycle.foreground = false
    session.start(knownOf('channel'), 'x')
    expect(source.dials).toEqual([])
    lifecycle.tell('foreground')
    expect(source.dials).toEqual(['start'])
  })

  test('keep leaves the connection alone in the background', () => {
    const { session, source, lifecycle } = setup({ background: 'keep' })
    lifecycle.foreground = false
    session.start(knownOf('channel'), 'x')
    source.open()
    lifecycle.tell('background')
    lifecycle.tell('foreground')
    expect(source.dials).toEqual(['start'])
    expect(session.state.name).toBe('open')
  })

  test.each(['keep', 'stop'] as const)('%s waits for the network, which is no background', (background) => {
    const { session, source, lifecycle } = setup({ background })
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    lifecycle.tell('offline')
    expect(session.state.name).toBe('paused')
    lifecycle.tell('online')
    expect(source.dials).toEqual(['start', 'read a_0'])
    expect(source.stops).toEqual([])
  })

  test('another network is another connection, at once', () => {
    const { session, source, lifecycle } = setup()
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    lifecycle.tell('another-network')
    expect(source.dials).toEqual(['start', 'read a_0'])
    expect(source.live).toBe(1)
  })

  test('another network, heard of while hidden with keep, is another connection too', () => {
    const { session, source, lifecycle } = setup({ background: 'keep' })
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    lifecycle.tell('background')
    lifecycle.tell('another-network')
    expect(source.dials).toEqual(['start', 'read a_0'])
  })

  test('without a network and hidden, keep and resume wait for the network, not only for the app', () => {
    for (const background of ['keep', 'resume'] as const) {
      const { session, source, lifecycle } = setup({ background, policy: { attempts: 1 } })
      session.start(knownOf('channel'), 'x')
      source.open()
      source.event('a_0')
      lifecycle.tell('background')
      lifecycle.tell('offline')
      lifecycle.tell('foreground')
      expect(session.state.name).toBe('paused')
      lifecycle.tell('online')
      expect(source.dials).toEqual(['start', 'read a_0'])
    }
  })

  test('stop stops what waits for the network when the app is hidden', () => {
    const { session, source, lifecycle } = setup({ background: 'stop' })
    session.start(knownOf('channel'), 'x')
    source.open()
    source.event('a_0')
    lifecycle.tell('offline')
    lifecycle.tell('background')
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'stopped' })
    expect(source.stops).toEqual(['channel'])
  })

  test('offline is put to the test: whoever answers can be reached', () => {
    const { session, source, lifecycle, clock } = setup({ policy: { attempts: 1 } })
    lifecycle.tell('offline')
    session.start(knownOf('channel'), 'x')
    expect(source.dials).toEqual(['start'])
    source.open()
    source.event('a_0')
    expect(session.state).toMatchObject({ name: 'open', run: { away: undefined } })
    lifecycle.tell('online')
    expect(source.dials).toEqual(['start'])
    lifecycle.tell('offline')
    expect(session.state.name).toBe('paused')
    clock.advance(1_000)
    expect(source.dials).toEqual(['start', 'read a_0'])
  })

  test('a start that failed while the platform said "offline" is read, not sent again, at who may not be ours', () => {
    const { session, source, lifecycle } = setup()
    lifecycle.tell('offline')
    session.start(knownOf('channel'), 'x')
    source.lose(new ChannelError('CONNECTION_LOST'))
    lifecycle.tell('online')
    expect(source.dials).toEqual(['start', 'read from the start'])
  })

  test('towards a server of ours it is sent again when there is a network', () => {
    const { session, source, lifecycle, clock } = setup({ policy: { attempts: 1 } })
    session.start(knownOf('before'), 'x')
    source.open()
    session.stop()
    lifecycle.tell('offline')
    session.start(knownOf('channel'), 'x')
    source.lose(new ChannelError('CONNECTION_LOST'))
    for (let i = 0; i < 5; i++) {
      expect(session.state.name).toBe('paused')
      clock.advance(clock.nextIn ?? 0)
      source.lose(new ChannelError('CONNECTION_LOST'))
    }
    lifecycle.tell('online')
    expect(new Set(source.dials)).toEqual(new Set(['start']))
    source.open()
    expect(session.state.name).toBe('open')
  })

  test('a start that was sent before the platform said "offline" is read, not sent again', () => {
    const { session, source, lifecycle } = setup()
    session.start(knownOf('channel'), 'x')
    lifecycle.tell('offline')
    source.lose(new ChannelError('CONNECTION_LOST'))
    lifecycle.tell('online')
    expect(source.dials).toEqual(['start', 'read from the start'])
  })

  test('a hang-up that throws ends the connection all the same', () => {
    const { session, source, clock, lifecycle } = setup()
    const connect = source.connect.bind(source)
    source.connect = (intent, observer) => {
      const end = connect(intent, observer)
      return () => {
        end()
        throw new TypeError('task is not available')
      }
    }
    session.start(knownOf('channel'), 'x')
    source.open()
    session.stop()
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'stopped' })
    expect(source.stops).toEqual(['channel'])
    expect([clock.pending, lifecycle.listeners.size]).toEqual([0, 0])
  })

  test('stop stops the run and the producer', () => {
    const { session, source, lifecycle, holdsNothing } = setup({ background: 'stop' })
    session.start(knownOf('channel'), 'x')
    source.open()
    lifecycle.tell('background')
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'stopped' })
    expect(source.stops).toEqual(['channel'])
    lifecycle.tell('foreground')
    expect(source.dials).toEqual(['start'])
    holdsNothing()
  })
})

describe('telling the producer', () => {
  const offline = () => Promise.reject(new ChannelError('STOP_FAILED'))

  test('that fails is reported, and stop() tells again until it is heard', async () => {
    const { session, source, stopFailures } = setup()
    source.onStop = offline
    session.start(knownOf('channel'), 'x')
    session.stop()
    await expect.poll(() => stopFailures).toHaveLength(1)
    session.stop()
    await expect.poll(() => stopFailures).toHaveLength(2)
    source.onStop = () => Promise.resolve()
    session.stop()
    session.stop()
    expect(source.stops).toEqual(['channel', 'channel', 'channel'])
  })

  test('that fails as something else is a STOP_FAILED with its cause', async () => {
    const { session, source, stopFailures } = setup()
    const cause = new TypeError('no')
    source.onStop = () => {
      throw cause
    }
    session.start(knownOf('channel'), 'x')
    session.stop()
    expect(stopFailures).toMatchObject([{ code: 'STOP_FAILED', cause }])
    expect(session.state.name).toBe('closed')
  })

  test('that fails after the next run began is no part of that run', async () => {
    const { session, source, stopFailures } = setup()
    let fail: (error: Error) => void = () => undefined
    source.onStop = () => new Promise((_resolve, reject) => (fail = reject))
    session.start(knownOf('one'), 'x')
    session.stop()
    session.start(knownOf('two'), 'y')
    fail(new ChannelError('STOP_FAILED'))
    await Promise.resolve().then(() => undefined)
    expect(stopFailures).toEqual([])
    source.onStop = () => Promise.resolve()
    session.stop()
    expect(source.stops).toEqual(['one', 'two'])
  })

  test('is done when the network is back, each run its own, also after the next began', async () => {
    const { session, source, lifecycle, clock } = setup()
    source.onStop = offline
    session.start(knownOf('one'), 'x')
    session.stop()
    await expect.poll(() => clock.pending).toBe(1)
    session.start(knownOf('two'), 'y')
    source.onStop = () => Promise.resolve()
    lifecycle.tell('online')
    await Promise.resolve()
    expect(source.stops).toEqual(['one', 'one'])
    expect(session.state.name).toBe('connecting')
  })

  test('goes on by itself with longer and longer pauses, and ends', async () => {
    const { session, source, clock, holdsNothing } = setup()
    source.onStop = offline
    session.start(knownOf('one'), 'x')
    session.stop()
    for (let i = 0; i < 120; i++) {
      await Promise.resolve().then(() => Promise.resolve())
      clock.advance(60_000)
    }
    expect(source.stops.length).toBeGreaterThan(20)
    expect(source.stops.length).toBeLessThan(100)
    holdsNothing()
  })

  test('that the server refuses for good is not asked again; a login may be renewed', async () => {
    const { session, source, clock } = setup()
    const refuse = (code: 'FORBIDDEN' | 'UNAUTHORIZED') => () =>
      Promise.reject(new ChannelError('STOP_FAILED', undefined, { cause: new ChannelError(code) }))
    source.onStop = refuse('FORBIDDEN')
    session.start(knownOf('one'), 'x')
    session.stop()
    await Promise.resolve().then(() => undefined)
    expect(clock.pending).toBe(0)
    source.onStop = refuse('UNAUTHORIZED')
    session.start(knownOf('two'), 'x')
    session.stop()
    await Promise.resolve().then(() => undefined)
    expect(clock.pending).toBe(1)
  })

  test('leave() hangs up and does not', () => {
    const { session, source, holdsNothing } = setup()
    session.start(knownOf('channel'), 'x')
    source.open()
    session.leave()
    session.leave()
    expect(source.stops).toEqual([])
    expect(session.state).toMatchObject({ name: 'closed', outcome: 'stopped' })
    holdsNothing()
  })

  test('a source without a stop is only hung up', () => {
    const { session, source, holdsNothing } = setup()
    Object.defineProperty(source, 'stop', { value: undefined })
    session.start(knownOf('channel'), 'x')
    session.stop()
    expect(session.state.name).toBe('closed')
    holdsNothing()
  })
})
