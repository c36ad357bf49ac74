// A stand-in for WeChat's native shell: it can't show the vendor's network stack, real process suspension,
// memory pressure, WebView kernels, native widgets, nor the limits a phone or an app version adds.
import type { NetworkConditions } from './network-conditions.js'
import type { AppProcess } from './app-process.js'
import type { ListenerHub } from './listener-hub.js'

/** One request or socket the app opened, as a test sees it. */
export interface NetworkRecord {
  kind: 'request' | 'socket'
  url: string
  method: string
  /** Names in lower case. */
  header: Record<string, string>
  /** Chunks of the body, or messages, that arrived from the network. */
  chunks: number
  /** Bytes of those. */
  bytes: number
  state: 'open' | 'success' | 'fail' | 'closed'
  statusCode?: number
  errMsg?: string
}

/** A call of the platform's global API. */
export interface ApiCall {
  name: string
  /** The first argument as JSON would keep it. */
  argument: unknown
}

export interface SocketLike {
  binaryType: string
  readyState: number
  send(data: string | ArrayBuffer): void
  close(code?: number, reason?: string): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onerror: ((event: unknown) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
}

/** What the machine under the shell gives it: Node or Chromium. */
export interface NativeMachine {
  fetch: typeof fetch
  openSocket(url: string, protocols: string[], header: Record<string, string>): SocketLike
  /** Drops a connection without a goodbye, as far as the machine can. */
  cutSocket(socket: SocketLike): void
  /** The element that holds all pages. */
  stage: HTMLElement
}

/** The parts of the shell that the platform's global API is made of. */
export interface NativeShell {
  machine: NativeMachine
  process: AppProcess
  network: NetworkConditions
  listeners: ListenerHub
  records: NetworkRecord[]
  /** Whether a request with `enableChunked` gets its body in chunks, or whole as in WeChat on a PC. */
  chunked: 'supported' | 'unsupported'
  requestTimeoutMs: number
  storage: Map<string, string>
  /** Fields of `getSystemInfo` that differ from the defaults. */
  system: Record<string, unknown>
  navigation: {
    navigateTo(url: string): void
    redirectTo(url: string): void
    reLaunch(url: string): void
    back(delta: number): void
  }
  launchOptions(): { path: string; query: Record<string, string>; scene: number }
  createSelectorQuery(): unknown
}
