import type { Clock, TimerHandle } from '../../core/clock.js'
import type { ConnectOptions, ConnectSocket, SocketTask } from './sdk.js'

type Kind = 'open' | 'message' | 'error' | 'close'
type Listener = (event?: unknown) => void

/** Why a socket died whose heartbeat was not answered. */
export const SILENT = 'no answer to a heartbeat'

export interface GuardedSocketOptions {
  readonly clock: Clock
  readonly connectSocket: ConnectSocket
  readonly options: ConnectOptions
  /** From the connect to the login, in milliseconds. */
  readonly onlineDeadlineMs: number
  /** How long the answer to a heartbeat may take; asked each time. `Infinity`: its absence proves nothing yet. */
  readonly pongMs: () => number
  /** The gateway answered a heartbeat. */
  readonly ponged: () => void
  /** Called once, when the socket died by itself; not after `close` of the SDK. */
  readonly died: (why: string) => void
}

/** A push socket that can't linger: every way to be dead ends in one `close` for the SDK, and in `died`. */
export interface GuardedSocket {
  /** What the SDK gets in place of the platform's task. */
  readonly task: SocketTask
  /** The SDK is logged in: the deadline is met. */
  online(): void
  /** Sends a heartbeat whose answer is due in `pongMs`, whether or not the gateway was seen to answer. */
  probe(pongMs: number): void
  /** Ends it as if the network had, without reporting it. */
  kill(): void
}

export function createGuardedSocket(guard: GuardedSocketOptions): GuardedSocket {
  const { clock } = guard
  const listeners: Record<Kind, Listener[]> = { open: [], message: [], error: [], close: [] }
  let alive = true
  let pong: TimerHandle | undefined
  const platform: { task: SocketTask | undefined } = { task: undefined }

  function emit(kind: Kind, event?: unknown) {
    if (alive) for (const listener of [...listeners[kind]]) listener(event)
  }

  function release() {
    alive = false
    clock.clearTimeout(deadline)
    clock.clearTimeout(pong)
  }

  function kill() {
    if (!alive) return
    // The SDK resets its flags on close. Afterwards nothing of this socket reaches it: a late event of an old
    // socket would reset those of the new one.
    emit('close', { code: 1006, reason: '' })
    release()
    try {
      platform.task?.close({ code: 1000 })
    } catch {
      // Platforms throw for sockets that never opened.
    }
  }

  function die(why: string) {
    if (!alive) return
    kill()
    guard.died(why)
  }

  function expectPong(pongMs: number) {
    clock.clearTimeout(pong)
    pong = pongMs === Infinity ? undefined : clock.setTimeout(() => die(SILENT), pongMs)
  }

  const deadline = clock.setTimeout(() => die('no login in time'), guard.onlineDeadlineMs)
  // Some platforms report a failure before they return; the SDK listens only after that.
  const fail = () => void clock.setTimeout(() => die('connect failed'), 0)
  const raw = guard.connectSocket({ ...guard.options, fail })
  platform.task = raw
  raw?.onOpen((event) => emit('open', event))
  raw?.onError(() => die('error'))
  raw?.onClose(() => die('closed'))
  raw?.onMessage((event) => {
    if (!alive) return
    clock.clearTimeout(pong)
    if (isHeartbeat((Object(event) as { data?: unknown }).data)) guard.ponged()
    emit('message', event)
  })

  function send(message: Parameters<SocketTask['send']>[0]) {
    platform.task?.send(message)
  }

  return {
    task: {
      send(message) {
        if (isHeartbeat(message.data)) expectPong(guard.pongMs())
        send(message)
      },
      close(options) {
        if (!alive) return
        release()
        platform.task?.close(options)
      },
      onOpen: (listener) => void listeners.open.push(listener),
      onMessage: (listener) => void listeners.message.push(listener),
      onError: (listener) => void listeners.error.push(listener),
      onClose: (listener) => void listeners.close.push(listener),
    },
    online: () => clock.clearTimeout(deadline),
    probe(pongMs) {
      if (!alive) return
      expectPong(pongMs)
      const frame = {
        version: '1.0',
        command: 0,
        packetId: 0,
        timeStamp: clock.now(),
        data: '""',
        signature: '',
      }
      try {
        send({ data: JSON.stringify(frame), fail: () => die('a probe could not be sent') })
      } catch {
        die('a probe could not be sent')
      }
    },
    kill,
  }
}

/** The SDK's frames are JSON with a numeric command; 0 is the heartbeat. */
function isHeartbeat(data: unknown): boolean {
  return typeof data === 'string' && /"command":0[,}]/.test(data)
}
