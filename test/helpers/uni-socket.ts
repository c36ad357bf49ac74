// Stands in for uni.connectSocket: the callbacks and their quirks, over real WebSockets.
import { WebSocket } from 'ws'

export interface SocketQuirks {
  /** What follows a connection that breaks. App: only `error`. WeChat: both, or only `close`. */
  readonly atLoss: 'error' | 'close' | 'error, then close'
  /** App: tasks are found by the millisecond they were made in, so a second one takes over the first one's. */
  readonly ids: 'unique' | 'the clock'
  /** Alipay without `multiple`: the newest socket's handlers get what every socket says. */
  readonly handlers: 'own' | 'shared unless multiple'
  /** Alipay: what a task receives is wrapped once more. */
  readonly messages: 'plain' | 'wrapped'
}

const wechat: SocketQuirks = {
  atLoss: 'error, then close',
  ids: 'unique',
  handlers: 'own',
  messages: 'plain',
}

interface Options {
  readonly url: string
  readonly header?: Record<string, string>
  readonly multiple?: boolean
  complete?(): void
  success?(): void
}

type Kind = 'open' | 'message' | 'error' | 'close'
type Handlers = Partial<Record<Kind, (value: object) => void>>

/** Adds `connectSocket` to the realm's `uni`; returns its undo. */
export function installUniSocket(quirks: Partial<SocketQuirks> = {}): () => void {
  const realm = globalThis as { uni?: object }
  const before = realm.uni
  const { atLoss, ids, handlers, messages } = { ...wechat, ...quirks }
  const byId = new Map<number, Handlers>()
  let shared: Handlers = {}
  let made = 0

  function connectSocket(options: Options) {
    // Success says nothing of the connection, on any platform.
    setTimeout(() => options.success?.())
    setTimeout(() => options.complete?.())
    const id = ids === 'unique' ? ++made : Date.now()
    byId.set(id, {})
    const isShared = handlers === 'shared unless multiple' && !options.multiple
    if (isShared) shared = {}
    const tell = (kind: Kind, value: object) => (isShared ? shared : byId.get(id))?.[kind]?.(value)
    const socket = new WebSocket(options.url, { headers: options.header ?? {} })
    let lost = false
    socket.on('open', () => tell('open', {}))
    socket.on('message', (data) => {
      const plain = { data: String(data) }
      tell('message', messages === 'plain' ? plain : { data: { ...plain, isBuffer: false } })
    })
    socket.on('error', () => (lost = true))
    socket.on('close', (code) => {
      lost = lost || code === 1006
      if (lost && atLoss !== 'close') tell('error', { errMsg: 'connectSocket:fail' })
      if (!lost || atLoss !== 'error') tell('close', { code })
    })
    const on = (kind: Kind) => (handler: (value: object) => void) => {
      const target = isShared ? shared : byId.get(id)
      if (target) target[kind] = handler
    }
    return {
      onOpen: on('open'),
      onMessage: on('message'),
      onError: on('error'),
      onClose: on('close'),
      send({ data, fail }: { data: string; fail?: (error: object) => void }) {
        if (socket.readyState === WebSocket.OPEN) socket.send(data)
        else fail?.({ errMsg: 'sendSocketMessage:fail' })
      },
      close: () => socket.close(),
    }
  }

  realm.uni = { ...before, connectSocket }
  return () => {
    if (before) realm.uni = before
    else delete realm.uni
  }
}
