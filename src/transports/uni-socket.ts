import { ABNORMAL, type OpenSocket } from './socket.js'

/** App names its sockets by `Date.now()`: two of one millisecond would get each other's messages. */
const APART_MS = 2

let nextAt = 0

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
    task.onMessage(({ data }: { data: unknown }) => {
      if (state === 'open' && typeof data === 'string') listener.message(data)
    })
    task.onError(() => end(ABNORMAL))
    task.onClose((close: { code?: number } | undefined) => end(close?.code ?? ABNORMAL))
  }

  const now = Date.now()
  nextAt = Math.max(now, nextAt + APART_MS)
  if (nextAt === now) connect()
  else setTimeout(connect, nextAt - now)

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
