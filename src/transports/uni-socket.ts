import type { ChannelError } from '../core/channel-error.js'
import { holdTask } from '../platform/hold-task.js'
import { platformFailure } from '../platform/platform-error.js'
import { quietly } from '../platform/quietly.js'
import { ABNORMAL, type OpenSocket, type Socket } from './socket.js'

/** Nothing of it is taken for granted. */
interface SocketTask {
  onOpen?(listener: () => void): void
  onMessage?(listener: (message?: { readonly data?: unknown }) => void): void
  onError?(listener: (failure?: unknown) => void): void
  onClose?(listener: (close?: { readonly code?: unknown }) => void): void
  send?(options: { data: string; fail(): void }): void
  close(options?: object): void
}

const NAME = 'uni.connectSocket'

let madeAt = 0

/** App names its sockets by `Date.now()`: two of one millisecond would get each other's messages. */
function inOwnMillisecond(make: () => void) {
  // Asked again when the timer fires: timers that are late fire together. Not "<=": a phone's clock may be set back.
  if (Date.now() === madeAt) return void setTimeout(() => inOwnMillisecond(make), 1)
  make()
  // After it: the millisecond may have changed since it was asked.
  madeAt = Date.now()
}

/** `uni.connectSocket`: mini-programs and App. */
export const openUniSocket: OpenSocket = (url, headers, listener) => {
  let state: 'waiting' | 'connecting' | 'open' | 'closed' = 'waiting'
  // App: only an error, never a close after it. WeChat: both, or only a close. The first ends it.
  function end(code: number, error?: ChannelError) {
    if (state === 'closed') return
    self.close()
    listener.closed(code, error)
  }

  function hear(socket: SocketTask) {
    quietly(() =>
      socket.onOpen?.(() => {
        // Closed while it connected: uni-app's own documents say that such a close may do nothing.
        if (state === 'closed') return task.endAgain()
        if (state !== 'connecting') return
        state = 'open'
        listener.opened(self)
      }),
    )
    quietly(() =>
      socket.onMessage?.((message) => {
        const text = textOf(message?.data)
        if (state === 'open' && text !== undefined) listener.message(text)
      }),
    )
    quietly(() => socket.onError?.((failure) => end(ABNORMAL, platformFailure(NAME, failure).error)))
    quietly(() => socket.onClose?.((close) => end(Number(close?.code) || ABNORMAL)))
  }

  const task = holdTask<SocketTask>({
    name: NAME,
    endsBy: 'close',
    end: (socket) => socket.close({}),
    call: () =>
      uni.connectSocket({
        url,
        header: { ...headers },
        // Alipay: without it all sockets of the app share one set of handlers.
        multiple: true,
        // Without a callback some platforms give a promise instead of a task. Success says nothing of the connection.
        complete: () => undefined,
        fail: (failure: unknown) => end(ABNORMAL, platformFailure(NAME, failure).error),
      } as UniNamespace.ConnectSocketOption),
    given(socket) {
      if (socket) hear(socket)
      // Without a task nobody would hear of it, and nobody could close it.
      else end(ABNORMAL)
    },
    failed: (error) => end(ABNORMAL, error),
  })

  function connect() {
    if (state === 'closed') return
    state = 'connecting'
    task.begin()
  }

  const self: Socket = {
    send(text) {
      if (state === 'open') task.use((socket) => socket.send?.({ data: text, fail: () => end(ABNORMAL) }))
    },
    close() {
      if (state === 'closed') return
      state = 'closed'
      task.end()
    },
  }
  inOwnMillisecond(connect)
  return self
}

/**
 * Alipay wraps what a task receives once more: `{ data: { data, isBuffer } }`.
 * @see https://juejin.cn/post/7231118884861444151
 */
function textOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data
  const inner = data as { data?: unknown; isBuffer?: unknown } | null | undefined
  return typeof inner?.data === 'string' && !inner.isBuffer ? inner.data : undefined
}
