// Stand-in for Alipay's sockets, over real ones. From github.com/AlipayDocs/open-docs, mini/api/基础API/网络:
// my.connectSocket (a task with `multiple` only, else one socket and handlers of the whole app). That a task wraps its
// messages once more: juejin.cn/post/7231118884861444151.
import { answer } from '../shell/api-answer.js'
import { ListenerHub } from '../shell/listener-hub.js'
import type { NativeShell } from '../shell/native-shell.js'
import { createConnectSocket, type SocketOptions } from '../shell/socket-api.js'

type Listener = (event: object) => void
type On = (listener: Listener) => void

interface Task {
  readyState: number
  send(message: object): void
  close(options?: object): void
  onOpen: On
  onMessage: On
  onError: On
  onClose: On
}

interface MySocketOptions extends SocketOptions {
  multiple?: boolean
}

const KINDS = ['Open', 'Message', 'Error', 'Close'] as const
const CLOSED = 3

export function createMySockets(shell: NativeShell): Record<string, unknown> {
  const connect = createConnectSocket(shell) as (options: SocketOptions) => Task
  const listeners = new ListenerHub((error) => {
    throw error
  })
  let single: Task | undefined

  function connectSocket({ multiple = false, ...options }: MySocketOptions) {
    if (multiple) return wrapped(connect(options))
    if (single && single.readyState < CLOSED)
      return answer(shell.process, options, 'fail', { error: 3, errorMessage: 'the socket exists already' })
    single = connect(options)
    for (const kind of KINDS) single[`on${kind}`]((event) => listeners.emit(`Socket${kind}`, event))
  }

  return {
    connectSocket,
    sendSocketMessage: (message: object) => single?.send(message),
    closeSocket: (options: object) => single?.close(options),
    ...Object.assign({}, ...KINDS.map((kind) => listeners.pair(`Socket${kind}`))),
  }
}

const wrapped = (task: Task): Task => ({
  ...task,
  onMessage: (listener) => task.onMessage((event) => listener({ data: { ...event, isBuffer: false } })),
})
