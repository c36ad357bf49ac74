/** As much of the vendor's push SDK as the plugin hands out. */
export interface PushSdk {
  init(options: PushSdkCallbacks): void
  /** Refused within a second of the last accepted call. */
  enableSocket(on: boolean): void
}

export interface PushSdkCallbacks {
  /** A key or a registration was refused. */
  onError(result: { readonly error: string }): void
  onClientId(result: { readonly cid: string }): void
  onlineState(result: { readonly online: boolean }): void
}

/** Options of `uni.connectSocket` as the SDK gives them. */
export interface ConnectOptions {
  readonly url: string
  readonly success?: () => void
  readonly fail?: () => void
}

type Listener = (event?: unknown) => void

/** What `uni.connectSocket` returns. */
export interface SocketTask {
  send(message: { readonly data: string; readonly fail?: () => void }): void
  close(options: object): void
  onOpen(listener: Listener): void
  onMessage(listener: Listener): void
  onError(listener: Listener): void
  onClose(listener: Listener): void
}

export type ConnectSocket = (options: ConnectOptions) => SocketTask | undefined

export interface NetworkStatus {
  readonly isConnected: boolean
  readonly networkType: string
}
