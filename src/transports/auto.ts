import { forUsers } from '../core/built-for.js'
import { ChannelError } from '../core/channel-error.js'
import type { Clock } from '../core/clock.js'
import { createSerialHangUp, type SerialHangUp } from '../core/serial-hang-up.js'
import type { HangUp } from '../core/source.js'
import { tellDial } from '../development/tell-dial.js'
import { systemClock } from '../platform/system-clock.js'
import { watchHeldBack } from './held-back.js'
import { muteable } from './mute.js'
import { platformTransports } from './platform-transports.js'
import { createTransportMemory, type TransportMemory } from './transport-memory.js'
import type { ResponseHead, Transport, TransportObserver, TransportRequest } from './transport.js'

/** How a transport is chosen, and when another one is taken. */
export interface AutoTransportOptions {
  /** What is tried, best first. Default: `platformTransports()`. */
  readonly order?: readonly Transport[]
  /**
   * Within this, in milliseconds, something must arrive, else another transport is taken. Default: 29,000 after the
   * head of a server of ours, which sends heartbeats; before a head, and from other servers, as long as the session waits.
   */
  readonly firstByteMs?: number
  /**
   * An unproven transport that has been silent for so long, in milliseconds, is held against the server: if that has
   * sent something, the transport has a third of it left. Default 3,000; `Infinity` switches it off.
   */
  readonly patienceMs?: number
  readonly clock?: Clock
}

/**
 * Where a platform is known to give bodies whole, a request to a server of ours is given this long to arrive, in
 * milliseconds; then the answer is read over another transport.
 */
const ARRIVAL_MS = 3_000

/** A server of ours sends a heartbeat every 15 s: after so long without one they are held back. In milliseconds. */
const HEARTBEATS_MISSED_MS = 29_000

/** Hung up after so long without a head: the session's own limit may be the shorter one. In milliseconds. */
const LONG_SILENCE_MS = 8_000

/**
 * The transports of this platform as one. Each connection takes the best by what was learned since the app began.
 * It never sends a start again that may have left: it reports the loss, and the session reads on, over the next one.
 */
export function createAutoTransport(options: AutoTransportOptions = {}): Transport {
  const { order = platformTransports(), firstByteMs, patienceMs = 3_000, clock = systemClock } = options
  const memories = new Map<string, TransportMemory>()

  function memoryOf({ url }: TransportRequest): TransportMemory {
    const server = /^[a-z]+:\/\/[^/?#]+/i.exec(url)?.[0] ?? ''
    const known = memories.get(server)
    if (known) return known
    const fresh = createTransportMemory(clock)
    memories.set(server, fresh)
    return fresh
  }

  function candidatesFor(request: TransportRequest): Transport[] {
    const { protocol = 'channel' } = request
    const foreign = protocol === 'channel' && memoryOf(request).server === 'foreign'
    const asked: TransportRequest = foreign ? { ...request, protocol: 'sse' } : request
    return order.filter((transport) => transport.isSupported() && (transport.accepts?.(asked) ?? true))
  }

  function dial(
    request: TransportRequest,
    observer: TransportObserver,
    candidates: readonly Transport[],
    line: SerialHangUp,
  ): HangUp {
    const memory = memoryOf(request)
    const chosen = choose(memory, candidates, request)
    let state: 'silent' | 'settled' | 'over' = 'silent'
    let opened = false
    /** The platform gives bodies whole. */
    let isWhole = false
    /** By another way the server was asked, and has the channel. */
    let isReached = false
    let stopWatching: HangUp = () => undefined
    let timer = clock.setTimeout(expire, firstByteMs ?? HEARTBEATS_MISSED_MS)

    const close = () => {
      clock.clearTimeout(timer)
      stopWatching()
      state = 'over'
    }

    function settle() {
      if (state !== 'silent') return
      clock.clearTimeout(timer)
      stopWatching()
      state = 'settled'
      memory.worked(chosen)
    }

    function expire() {
      // A server that is not ours may think for long, and sends no heartbeats meanwhile.
      if (opened && memory.server !== 'ours') return
      // Before the head nothing is known: how long that may take is for the session to say.
      if (opened || isWhole || isReached || firstByteMs !== undefined) giveUp()
    }

    function giveUp() {
      close()
      if (opened || isWhole || isReached) memory.fellSilent(chosen, isWhole)
      else memory.failed(chosen)
      inner.mute()
      hangUp()
      observer.lost(new ChannelError('FIRST_BYTE_TIMEOUT'))
    }

    const inner = muteable({
      opened(head) {
        opened = true
        learn(memory, head)
        // There is nothing to ask it.
        if (memory.server === 'foreign') stopWatching()
        observer.opened(head)
      },
      event(event) {
        settle()
        observer.event(event)
      },
      activity() {
        settle()
        observer.activity()
      },
      retry(delayMs) {
        settle()
        observer.retry(delayMs)
      },
      whole() {
        isWhole = true
        if (state !== 'silent' || memory.server !== 'ours' || candidates.length === 1) return
        clock.clearTimeout(timer)
        timer = clock.setTimeout(expire, request.method === 'GET' ? 0 : ARRIVAL_MS)
      },
      finished() {
        settle()
        close()
        observer.finished()
      },
      ended() {
        close()
        observer.ended()
      },
      lost(error) {
        // A refusal is an answer.
        if (error.status !== undefined) settle()
        else if (state === 'silent') memory.failed(chosen)
        close()
        observer.lost(error)
      },
      unsent(error) {
        memory.failed(chosen)
        close()
        const others = candidates.filter((candidate) => candidate !== chosen)
        if (others.length === 0) (observer.unsent ?? observer.lost)(error)
        else line.connect(() => dial(request, observer, others, line))
      },
    })
    const mayBeHeldBack =
      memory.server !== 'foreign' &&
      candidates.length > 1 &&
      patienceMs < (firstByteMs ?? HEARTBEATS_MISSED_MS) &&
      !memory.isProven(chosen)
    if (mayBeHeldBack)
      stopWatching = watchHeldBack(request, patienceMs, clock, {
        reached(head) {
          isReached = true
          learn(memory, head)
        },
        heldBack: giveUp,
      })
    const dialledAt = clock.now()
    const hangUp = stream()
    return () => {
      const waited = clock.now() - dialledAt
      if (state === 'silent' && !opened && waited >= LONG_SILENCE_MS) memory.failed(chosen)
      close()
      inner.mute()
      hangUp()
    }

    function stream(): HangUp {
      if (!forUsers) tellDial(chosen.name, request)
      try {
        return chosen.stream(request, inner.observer)
      } catch (thrown) {
        close()
        throw thrown
      }
    }
  }

  return {
    name: 'auto',
    isSupported: () => order.some((transport) => transport.isSupported()),
    accepts: (request) => candidatesFor(request).length > 0,
    stream(request, target) {
      const { observer, mute } = muteable(target)
      const line = createSerialHangUp()
      line.connect(() => dial(request, observer, candidatesFor(request), line))
      return () => {
        mute()
        line.end()
      }
    },
  }
}

function choose(
  memory: TransportMemory,
  candidates: readonly Transport[],
  request: TransportRequest,
): Transport {
  const transport = memory.choose(candidates, request)
  if (!transport) throw new ChannelError('NO_TRANSPORT')
  return transport
}

function learn(memory: TransportMemory, head: ResponseHead) {
  if (head.header('x-channel-id') !== undefined) memory.server = 'ours'
  // No header at all says nothing: some platforms hide them.
  else if (head.header('content-type') !== undefined && memory.server === 'unknown') memory.server = 'foreign'
}

/** The transports of this platform; what it has learned lasts as long as the app. */
export const autoTransport: Transport = /* @__PURE__ */ createAutoTransport()
