import { backoffMs, type BackoffPolicy } from '../../core/backoff.js'
import type { Clock, TimerHandle } from '../../core/clock.js'
import { createGuardedSocket, SILENT, type GuardedSocket } from './guarded-socket.js'
import type {
  ConnectOptions,
  ConnectSocket,
  NetworkStatus,
  PushSdk,
  PushSdkCallbacks,
  SocketTask,
} from './sdk.js'

/** Limits in milliseconds. */
const ONLINE_DEADLINE_MS = 10_000
const PONG_MS = 10_000
const PROBE_MS = 2_000
/** The SDK refuses a second enableSocket within a second. */
const SWITCH_PAUSE_MS = 1_050
/** A reconnect the SDK was told of and did not begin by then was refused: it allows ten in five seconds. */
const REFUSED_AFTER_MS = 1_000
const RECONNECT: BackoffPolicy = { baseMs: 500, capMs: 30_000 }

/** What is known of the push socket. */
export interface PushStatus {
  /** The Vite plugin is in this build and the SDK runs. */
  readonly guarded: boolean
  readonly online: boolean
  /** Empty while there is none, also after a refusal. */
  readonly cid: string
  /** Why sockets died, newest last. */
  readonly deaths: readonly string[]
}

/**
 * Where the Vite plugin ties the vendor's SDK to: its socket and network calls go through here. Touches no global
 * of the platform: on mini-programs this module is part of a cycle with the vendor's chunk, so `uni` comes in as
 * arguments.
 */
export interface PushPort {
  adopt(sdk: PushSdk): PushSdk
  connectSocket(real: ConnectSocket, options: ConnectOptions): SocketTask
  getNetworkType(
    real: (options: object) => void,
    options: { success(result: { networkType: string }): void },
  ): void
  onNetworkStatusChange(real: (listener: unknown) => void, listener: (status: NetworkStatus) => void): void
  readonly status: PushStatus
  /** Each change of online or cid; returns the undo. */
  subscribe(listener: (status: PushStatus) => void): () => void
  /** Is the socket alive? Within two seconds it answers, or is replaced. */
  probe(): void
  /**
   * Replaces a socket that brought nothing since `since`, in clock time, also after the gateway told the SDK to stay
   * away. One that logged in later was not there to bring it: that is only probed, or every channel would kill the
   * socket which another just restored.
   */
  recover(since: number): void
}

export function createPushPort(clock: Clock): PushPort {
  const listeners = new Set<(status: PushStatus) => void>()
  const deaths: string[] = []
  let sdk: PushSdk | undefined
  let online = false
  let cid = ''
  /** The vendor tells the app of no client id once a refusal came, and not of the old one when that is valid again. */
  let refused = false
  let socket: GuardedSocket | undefined
  let failures = 0
  let wakeSdk: ((status: NetworkStatus) => void) | undefined
  let reconnect: TimerHandle | undefined
  let switchedAt = -Infinity
  let switchLater: TimerHandle | undefined
  let connectedAt = -Infinity
  let onlineAt = -Infinity
  let gatewayPongs: 'unknown' | 'yes' = 'unknown'

  const status = (): PushStatus => ({ guarded: sdk !== undefined, online, cid: refused ? '' : cid, deaths })
  const report = () => listeners.forEach((listener) => listener(status()))

  /** Tells the SDK that there is a network, upon which it connects if it wants to; again until it did. */
  function reconnectIn(delayMs: number) {
    clock.clearTimeout(reconnect)
    reconnect = clock.setTimeout(() => {
      const before = socket
      wakeSdk?.({ isConnected: true, networkType: 'unknown' })
      reconnect = clock.setTimeout(() => {
        if (socket === before && !online) reconnectIn(nextDelayMs())
      }, REFUSED_AFTER_MS)
    }, delayMs)
  }

  function died(why: string) {
    deaths.push(why)
    if (deaths.length > 20) deaths.shift()
    // A socket that fell silent says nothing against the network: no reason to wait.
    reconnectIn(why === SILENT ? 0 : nextDelayMs())
  }

  function nextDelayMs(): number {
    return backoffMs(++failures, RECONNECT, clock.random(), RECONNECT.baseMs / 4)
  }

  /** The newest wish wins; one that comes too soon is carried out as soon as the SDK takes it. */
  function switchSocket(real: (on: boolean) => void, on: boolean) {
    clock.clearTimeout(switchLater)
    const waitMs = switchedAt + SWITCH_PAUSE_MS - clock.now()
    if (waitMs > 0) {
      switchLater = clock.setTimeout(() => switchSocket(real, on), waitMs)
      return
    }
    switchedAt = clock.now()
    real(on)
  }

  function watch(callbacks: PushSdkCallbacks): PushSdkCallbacks {
    return {
      ...callbacks,
      onlineState(result) {
        online = result.online
        if (online) {
          failures = 0
          onlineAt = clock.now()
          socket?.online()
          if (refused) callbacks.onClientId({ cid })
          refused = false
          // Whether this gateway answers heartbeats at all is learned while nothing depends on it.
          if (gatewayPongs === 'unknown') socket?.probe(Infinity)
        }
        report()
        callbacks.onlineState(result)
      },
      onClientId(result) {
        cid = result.cid
        refused = false
        report()
        callbacks.onClientId(result)
      },
      onError(result) {
        refused = true
        // The SDK would keep this socket, on which nothing will ever come.
        if (socket) {
          socket.kill()
          died('refused')
        }
        report()
        callbacks.onError(result)
      },
    }
  }

  function force() {
    failures = 0
    socket?.kill()
    sdk?.enableSocket(true)
    if (wakeSdk) reconnectIn(0)
  }

  function probe() {
    const connecting = !online && clock.now() - connectedAt < PROBE_MS
    if (connecting) return
    if (!online) force()
    else if (gatewayPongs === 'yes') socket?.probe(PROBE_MS)
  }

  return {
    adopt(adopted) {
      const init = adopted.init.bind(adopted)
      const enable = adopted.enableSocket.bind(adopted)
      sdk = adopted
      adopted.init = (callbacks) => init(watch(callbacks))
      adopted.enableSocket = (on) => switchSocket(enable, on)
      return adopted
    },

    connectSocket(real, options) {
      // The SDK connects anew only when it holds the former socket for closed.
      socket?.kill()
      const created = createGuardedSocket({
        clock,
        connectSocket: real,
        options,
        onlineDeadlineMs: ONLINE_DEADLINE_MS,
        pongMs: () => (gatewayPongs === 'yes' ? PONG_MS : Infinity),
        ponged: () => void (gatewayPongs = 'yes'),
        died,
      })
      socket = created
      connectedAt = clock.now()
      return created.task
    },

    // What the platform says is often wrong and never asked again: whether there is a network shows on connecting.
    getNetworkType(real, options) {
      real({ ...options, success: () => options.success({ networkType: 'unknown' }) })
    },

    onNetworkStatusChange(real, listener) {
      wakeSdk = listener
      real(listener)
    },

    get status() {
      return status()
    },

    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },

    probe,

    recover(since) {
      if (online && onlineAt <= since) force()
      else probe()
    },
  }
}
