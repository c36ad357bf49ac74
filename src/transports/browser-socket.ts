import { holdTask } from '../platform/hold-task.js'
import { ABNORMAL, type OpenSocket, type Socket } from './socket.js'

/** The browser's WebSocket; also Node's. Headers are not sent: it has no way to. */
export const openBrowserSocket: OpenSocket = (url, _headers, listener) => {
  const task = holdTask<WebSocket>({
    name: 'WebSocket',
    endsBy: 'close',
    // It throws where a page's policy forbids it.
    call: () => new WebSocket(url),
    given(socket) {
      if (!socket) return listener.closed(ABNORMAL)
      socket.onopen = () => listener.opened(self)
      socket.onmessage = ({ data }) => {
        if (typeof data === 'string') listener.message(data)
      }
      // An error tells nothing and is always followed by a close; unheard, it ends a Node process.
      socket.onerror = () => undefined
      socket.onclose = ({ code }) => listener.closed(code)
    },
    failed: (error) => listener.closed(ABNORMAL, error),
  })
  const self: Socket = {
    send: (text) =>
      task.use((socket) => {
        if (socket.readyState === socket.OPEN) socket.send(text)
      }),
    close: () => task.end(),
  }
  task.begin()
  return self
}
