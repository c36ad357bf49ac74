import type { OpenSocket } from './socket.js'

/** The browser's WebSocket; also Node's. Headers are not sent: it has no way to. */
export const openBrowserSocket: OpenSocket = (url, _headers, listener) => {
  const socket = new WebSocket(url)
  socket.onopen = () => listener.opened()
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') listener.message(data)
  }
  // An error tells nothing and is always followed by a close; unheard, it ends a Node process.
  socket.onerror = () => undefined
  socket.onclose = ({ code }) => listener.closed(code)
  return {
    send(text) {
      if (socket.readyState === socket.OPEN) socket.send(text)
    },
    close: () => socket.close(),
  }
}
