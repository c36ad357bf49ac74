import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChannelError } from '../../src/core/channel-error.js'
import { formatCursor, parseCursor } from '../../src/core/cursor.js'
import { knownOf, type Head, type ServerKind } from '../../src/core/known.js'
import { alarmAt, initialState, isLive } from '../../src/core/state.js'
import type { Effect, Input, Policy, State } from '../../src/core/state.js'
import { step } from '../../src/core/step.js'

const policy: Policy = {
  attempts: 2,
  backoff: { baseMs: 100, capMs: 1000 },
  firstByteMs: 300,
  idleMs: 450,
  totalMs: 60_000,
}

const kinds = [
  'open',
  'opened',
  'opened',
  'opened',
  'event',
  'event',
  'event',
  'activity',
  'retry',
  'ended',
  'lost',
  'lost',
  'lost',
  'unsent',
  'finish',
  'finished',
  'alarm',
  'alarm',
  'alarm',
  'alarm',
  'away',
  'back',
  'back',
  'stop',
  'leave',
] as const

/** One move of the world: what happens, how, how much later, and whether a dead connection says it. */
const move = fc.record({
  kind: fc.constantFrom(...kinds),
  variant: fc.nat(11),
  laterMs: fc.constantFrom(0, 0, 0, 0, 1, 1, 90, 90, 500, 500, -200, 70_000),
  connection: fc.constantFrom('live', 'live', 'live', 'live', 'live', 'dead', 'long dead', 'never dialled'),
  canRead: fc.constantFrom(true, true, true, false),
  random: fc.double({ min: 0, max: 0.999999, noNaN: true }),
})
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

const errors = [
  new ChannelError('CONNECTION_LOST'),
  new ChannelError('CONNECTION_LOST'),
  new ChannelError('CONNECTION_LOST'),
  new ChannelError('SERVER_BUSY', undefined, { status: 503, retryAfterMs: 2000 }),
  new ChannelError('SERVER_ERROR', undefined, { status: 500, retryAfterMs: Infinity }),
  new ChannelError('CHANNEL_NOT_FOUND', undefined, { status: 404 }),
  new ChannelError('CHANNEL_NOT_FOUND', undefined, { status: 404, keptMs: 1_000 }),
  new ChannelError('BAD_EVENT'),
] as const

const heads: readonly Head[] = [{ channelId: 'id' }, { channelId: 'id' }, { isHidden: true }, {}]

// `expect` costs more than the machine it looks at.
function hold(promise: boolean, name: string): void {
  if (!promise) throw new Error(`broken: ${name}`)
}

/** The world around the machine: it carries out effects and holds them against the promises. */
class World {
  state: State = initialState
  at = 1_000_000
  readonly seen = new Set<string>()
  private live = 0
  private lastDialled = 0
  private run = {
    startDials: 0,
    mayStart: false,
    /** The start may be at the server, or on its way. */
    sent: false,
    accepted: false,
    startedAt: 0,
    told: 0,
    dialled: 0,
    blind: false,
    delivered: undefined as string | undefined,
    server: 'unknown' as ServerKind,
    presented: false,
    asked: 'start' as 'start' | 'read',
  }
  private dialsWithoutProgress = 0
  /** The start was answered, by a refusal. */
  private refused = false

  apply(move: Move): void {
    this.at += move.laterMs
    const before = this.state
    const input = this.input(move)
    const { state, effects } = step(before, input, policy)
    this.state = state
    this.seen.add(state.name)
    if (input.type === 'open' && !isLive(before)) {
      this.run = {
        startDials: 0,
        mayStart: input.intent === 'start',
        sent: false,
        accepted: false,
        startedAt: 0,
        told: 0,
        dialled: 0,
        blind: false,
        delivered: input.known.cursor,
        server: 'unknown',
        presented: false,
        asked: 'start',
      }
      this.dialsWithoutProgress = 0
    } else if (!isLive(before)) {
      hold(effects.length === 0, 'no effect without a live run')
      hold(state === before, 'only open begins a run')
    }
    if (input.type === 'back') this.dialsWithoutProgress = 0
    if (state !== before) this.learn(before, input)
    this.learnServer(before, input)
    if ('generation' in input && (this.live === 0 || input.generation !== this.lastDialled))
      hold(state === before, 'a dead connection changes nothing')
    for (const effect of effects) this.perform(effect)
    this.check()
  }

  /** What the world says of the start. */
  private learn(before: State, input: Input): void {
    const isStart = before.name === 'connecting' && before.intent === 'start'
    if (input.type === 'opened') this.run.accepted = true
    const status = input.type === 'lost' ? (input.error?.status ?? 0) : 0
    this.refused = isStart && status > 0 && status < 500
    // The platform's "offline" was wrong: counted anew.
    if (input.type === 'opened' && isLive(before) && before.run.away === 'offline')
      this.dialsWithoutProgress = 1
    const gotNowhere = input.type === 'lost' && input.error?.status === undefined
    const mayRepeat = isStart && before.doubtful && before.run.expects === 'ours'
    if (mayRepeat && before.run.away === 'offline' && gotNowhere) this.run.sent = false
    if (input.type === 'unsent' && isStart) this.run.sent = false
    if ((input.type !== 'lost' && input.type !== 'unsent') || isStart) return
    const elapsedMs = this.at - this.run.startedAt
    if (elapsedMs >= 0 && elapsedMs < (input.error?.keptMs ?? 0)) this.run.sent = false
  }

  /** Ours is known for good; a server is foreign until it goes on from a cursor of ours that it was shown. */
  private learnServer(before: State, input: Input): void {
    const { state, run } = this
    if (!isLive(state) || !isLive(before)) return
    const { server } = state.run.known
    if (server === run.server) return
    hold(run.server !== 'ours', 'what is ours stays ours')
    if (server === 'ours' && input.type === 'event')
      hold(run.presented, 'ours by its ids only after a cursor')
    hold(server !== 'unknown', 'nothing is forgotten')
    run.server = server
    if (server === 'foreign' && input.type === 'event') run.delivered = undefined
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case 'dial': {
        hold(this.live === 0, 'one connection at most')
        this.live++
        hold(effect.generation > this.lastDialled, 'every connection has a generation of its own')
        this.lastDialled = effect.generation
        hold(effect.cursor === (this.run.delivered || undefined), 'reads on from the last event')
        if (effect.intent === 'start') {
          hold(this.run.mayStart, 'a read never starts')
          hold(!this.run.sent, 'no start while another may have arrived')
          hold(!this.run.accepted && this.run.delivered === undefined, 'no start of what runs')
          if (++this.run.startDials === 1) {
            hold(this.run.dialled === 0, 'nothing before the start')
            this.run.startedAt = this.at
          }
          this.run.sent = true
        }
        hold(!this.run.blind, 'reads nothing on without a cursor')
        hold(this.run.server !== 'foreign', 'reads nothing on at a foreign server')
        this.run.asked = effect.intent
        this.run.presented = effect.cursor !== undefined
        this.run.dialled++
        const away = isLive(this.state) ? this.state.run.away : undefined
        hold(away !== 'background', 'dials nothing from the background')
        if (away === undefined)
          hold(++this.dialsWithoutProgress <= 1 + policy.attempts, 'attempts are bounded')
        break
      }
      case 'hang-up':
        this.live = 0
        break
      case 'deliver': {
        const now = parseCursor(effect.event.id)
        const last = parseCursor(this.run.delivered ?? '')
        const counts = this.run.server !== 'foreign'
        if (counts && now && this.run.delivered === undefined)
          hold(now.seq === 0 || this.run.asked === 'read', 'the answer to a start begins with number 0')
        if (counts && now && last)
          hold(now.epoch === last.epoch && now.seq === last.seq + 1, 'once and in order')
        if (counts) this.run.delivered = effect.event.id || this.run.delivered
        this.run.blind = !counts || effect.event.id === ''
        this.dialsWithoutProgress = 0
        break
      }
      case 'tell-producer':
        hold(this.state.name === 'closed', 'tells the producer only at the end')
        hold(this.run.server !== 'foreign', 'tells no foreign server')
        hold(this.run.sent || this.run.accepted || !this.run.mayStart, 'tells no producer that never was')
        hold(++this.run.told === 1, 'tells once')
        break
      case 'conclude':
        hold(isLive(this.state) && this.live === 1, 'asks how a run ended while it has it')
    }
  }

  private check(): void {
    const { state } = this
    const connected = state.name === 'connecting' || state.name === 'open'
    hold(this.live === (connected ? 1 : 0), `connections when ${state.name}`)
    if (state.name === 'paused') {
      hold(state.run.away !== undefined, 'paused only while away')
      hold(
        (state.deadline === Infinity) === (state.run.away === 'background'),
        '"offline" is put to the test',
      )
    } else if ('deadline' in state) hold(state.deadline < Infinity, 'never waits for ever')
    if (!isLive(state)) hold(alarmAt(state) === Infinity, 'no alarm after the end')
    if (state.name !== 'closed') return
    const { known } = state.run
    const mayBeThere = this.run.sent || this.run.accepted
    hold(known.startedAt === undefined || mayBeThere, 'claims no start that was not sent')
    hold(!this.run.sent || known.startedAt !== undefined || this.refused, 'forgets no start')
    hold(known.fate !== 'alive' || state.outcome !== 'done', 'what is done is over')
  }

  private input({ kind, variant, connection, canRead, random }: Move): Input {
    const { at, state } = this
    const off = { live: 0, dead: -1, 'long dead': -3, 'never dialled': 1 }[connection]
    const generation = this.lastDialled + off
    switch (kind) {
      case 'open': {
        const cursor = variant > 8 ? 'e_4' : undefined
        const intent = cursor === undefined && variant % 3 > 0 ? 'start' : 'read'
        return {
          type: 'open',
          intent,
          known: knownOf('id', cursor),
          expects: variant % 2 ? 'ours' : 'unknown',
          away: ([undefined, 'background', 'offline'] as const)[variant % 4 > 2 ? 0 : variant % 3],
          at,
        }
      }
      case 'opened':
        return { type: 'opened', generation, head: heads[variant % heads.length]!, canRead, at }
      case 'event':
        return {
          type: 'event',
          generation,
          event: { id: this.id(variant), type: 'message', data: '' },
          canRead,
          at,
        }
      case 'activity':
        return { type: 'activity', generation, at }
      case 'retry':
        return { type: 'retry', generation, delayMs: [0, 700, Infinity, NaN, -1][variant % 5] as number }
      case 'ended':
        return { type: 'ended', generation, canRead, at, random }
      case 'lost':
      case 'unsent':
        return { type: kind, generation, error: errors[variant % errors.length]!, canRead, at, random }
      case 'finish':
        return { type: 'finish', generation, outcome: variant % 2 ? 'done' : 'error', error: undefined }
      case 'finished':
        return { type: 'finished', generation }
      case 'alarm': {
        const due = alarmAt(state)
        // Mostly in time, sometimes early.
        if (variant > 1 && due < Infinity) this.at = Math.max(at, due)
        return { type: 'alarm', canRead, at: this.at, random }
      }
      case 'away':
        return { type: 'away', reason: variant % 2 ? 'background' : 'offline', canRead, at }
      case 'back':
        return { type: 'back', at }
      case 'stop':
      case 'leave':
        return { type: kind }
    }
  }

  private id(variant: number): string {
    const last = parseCursor(this.run.delivered ?? '')
    const epoch = last?.epoch ?? 'e'
    const next = last ? last.seq + 1 : 0
    if (variant < 7) return formatCursor(epoch, next)
    if (variant === 7) return formatCursor(epoch, Math.max(0, next - 1))
    if (variant === 8) return formatCursor(epoch, next + 2)
    if (variant === 9) return formatCursor('other', next)
    return variant === 10 ? 'opaque-id' : ''
  }
}

test('20,000 random lives keep every promise of the state machine', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 60, size: 'max' }), (moves) => {
      const world = new World()
      world.apply({ ...moves[0]!, kind: 'open' })
      for (const move of moves) world.apply(move)
      for (const name of world.seen) seen.add(name)
    }),
    { numRuns: 20_000 },
  )
  expect([...seen].sort()).toEqual(['closed', 'connecting', 'open', 'paused', 'waiting'])
})
