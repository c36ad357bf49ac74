import { answer, type ApiCallbacks } from './api-answer.js'
import type { NativeShell, NetworkRecord, SocketLike } from './native-shell.js'

export interface SocketOptions extends ApiCallbacks {
  url: string
  protocols?: string[]
  header?: Record<string, string>
}

interface SendOptions extends ApiCallbacks {
  data: string | ArrayBuffer
}

interface CloseOptions extends ApiCallbacks {
  code?: number
  reason?: string
}

type Kind = 'open' | 'message' | 'error' | 'close'
const OPEN = 1

/** `connectSocket` over a real WebSocket. Lost connections give `onClose` with 1006, late if suspended. */
export function createConnectSocket(shell: NativeShell): (options: SocketOptions) => object {
  return (options) => {
    const { url, protocols = [], header = {} } = options
    const record: NetworkRecord = {
      kind: 'socket',
      url,
      method: 'GET',
      header,
      chunks: 0,
      bytes: 0,
      state: 'open',
    }
    shell.records.push(record)
    const listeners: Record<Kind, ((event: object) => void)[]> = {
      open: [],
      message: [],
      error: [],
      close: [],
    }
    const emit = (kind: Kind, event: object) => {
      shell.process.run(() => listeners[kind].forEach((listener) => listener(event)))
    }
    const undo: (() => void)[] = []
    const ended = (code: number, reason: string, errMsg?: string) => {
      if (record.state !== 'open') return
      record.state = errMsg === undefined ? 'closed' : 'fail'
      if (errMsg !== undefined) record.errMsg = errMsg
      undo.forEach((each) => each())
      shell.process.deliver(() => {
        if (errMsg !== undefined) emit('error', { errMsg })
        emit('close', { code, reason })
      })
    }
    let socket: SocketLike | undefined
    // The call itself succeeds before anything is known about the connection.
    answer(shell.process, options, 'success', { errMsg: 'connectSocket:ok' })
    if (shell.network.online) socket = shell.machine.openSocket(url, protocols, header)
    else ended(1006, 'abnormal closure', 'connectSocket:fail network is down')

    if (socket) {
      const live = socket
      const lose = () => {
        ended(1006, 'abnormal closure')
        shell.machine.cutSocket(live)
      }
      undo.push(shell.network.add(lose), shell.process.onSuspend(lose))
      attach(live, record, emit, ended)
    }
    return {
      get readyState() {
        return record.state === 'open' && socket ? socket.readyState : 3
      },
      send(message: SendOptions) {
        const sent = record.state === 'open' && socket?.readyState === OPEN
        if (sent) socket?.send(message.data)
        answer(shell.process, message, sent ? 'success' : 'fail', {
          errMsg: sent ? 'sendSocketMessage:ok' : 'sendSocketMessage:fail SocketTask.readyState is not OPEN',
        })
      },
      close(close: CloseOptions = {}) {
        socket?.close(close.code ?? 1000, close.reason ?? '')
        answer(shell.process, close, 'success', { errMsg: 'closeSocket:ok' })
      },
      onOpen: (listener: (event: object) => void) => void listeners.open.push(listener),
      onMessage: (listener: (event: object) => void) => void listeners.message.push(listener),
      onError: (listener: (event: object) => void) => void listeners.error.push(listener),
      onClose: (listener: (event: object) => void) => void listeners.close.push(listener),
    }
  }
}

function attach(
  socket: SocketLike,
  record: NetworkRecord,
  emit: (kind: Kind, event: object) => void,
  ended: (code: number, reason: string, errMsg?: string) => void,
): void {
  let opened = false
  socket.binaryType = 'arraybuffer'
  socket.onopen = () => {
    opened = true
    emit('open', { header: {}, profile: {} })
  }
  socket.onmessage = ({ data }) => {
    record.chunks++
    record.bytes +=
      data instanceof ArrayBuffer ? data.byteLength : new TextEncoder().encode(String(data)).length
    emit('message', { data })
  }
  // A close event always follows.
  socket.onerror = () => {}
  socket.onclose = ({ code, reason }) =>
    ended(code, reason, opened ? undefined : 'connectSocket:fail connection refused')
}
