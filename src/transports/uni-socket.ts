import { ABNORMAL, type OpenSocket } from './socket.js'

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
  let task: UniApp.SocketTask | undefined

  // App: only an error, never a close after it. WeChat: both, or only a close. The first ends it.
  function end(code: number) {
    if (state === 'closed') return
    state = 'closed'
    listener.closed(code)
  }

  function connect() {
    if (state === 'closed') return
    state = 'connecting'
    task = uni.connectSocket({
      url,
      header: { ...headers },
      // Alipay: without it all sockets of the app share one set of handlers.
      multiple: true,
      // Without a callback some platforms give a promise instead of a task. Success says nothing of the connection.
      complete: () => undefined,
      fail: () => end(ABNORMAL),
    })
    task.onOpen(() => {
      if (state !== 'connecting') return
      state = 'open'
      listener.opened()
    })
    task.onMessage((message: { data: unknown }) => {
      const text = textOf(message)
      if (state === 'open' && text !== undefined) listener.message(text)
    })
    task.onError(() => end(ABNORMAL))
    task.onClose((close: { code?: number } | undefined) => end(close?.code ?? ABNORMAL))
  }

  inOwnMillisecond(connect)

  return {
    send(text) {
      if (state === 'open') task?.send({ data: text, fail: () => end(ABNORMAL) })
    },
    close() {
      if (state === 'closed') return
      state = 'closed'
      task?.close({})
    },
  }
}

/**
 * Alipay wraps what a task receives once more: `{ data: { data, isBuffer } }`.
 * @see https://juejin.cn/post/7231118884861444151
 */
function textOf({ data }: { data: unknown }): string | undefined {
  if (typeof data === 'string') return data
  const inner = data as { data?: unknown; isBuffer?: unknown } | null | undefined
  return typeof inner?.data === 'string' && !inner.isBuffer ? inner.data : undefined
}
