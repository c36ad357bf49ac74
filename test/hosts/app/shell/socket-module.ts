import { fromBase64, toBase64, type Base64Data } from './base64.js'
import type { NativeApp } from './native-app.js'

type Kind = 'open' | 'message' | 'error' | 'close'

interface SocketFacts {
  id: string
  data?: unknown
  code?: number
  reason?: string
}

/**
 * The native module behind `uni.connectSocket`. A page's WebSocket stands in for the native one, so headers can't be
 * sent. After an error no close is told.
 */
export function createSocketModule(app: NativeApp): object {
  const { network, process, records } = app
  const sockets = new Map<string, WebSocket>()
  const handlers: Partial<Record<Kind, (facts: SocketFacts) => void>> = {}
  const tell = (kind: Kind, facts: SocketFacts) => app.toService(() => handlers[kind]?.(facts))

  return {
    WebSocket({ id, url, protocol }: { id: string; url: string; protocol?: string }) {
      const record: NativeApp['records'][number] = {
        ...{ kind: 'socket', layer: 'service', url, method: 'GET', state: 'open' },
      }
      records.push(record)
      const undo: (() => void)[] = []
      const end = (state: 'closed' | 'fail', report: () => void) => {
        if (record.state !== 'open') return
        record.state = state
        undo.forEach((each) => each())
        sockets.delete(id)
        report()
      }
      if (!network.online) return end('fail', () => tell('error', { id }))
      const socket = new WebSocket(url, protocol ? protocol.split(',') : [])
      const lose = () => {
        end('fail', () => tell('error', { id }))
        socket.close()
      }
      undo.push(network.add(lose), process.onSuspend(lose))
      sockets.set(id, socket)
      socket.binaryType = 'arraybuffer'
      socket.onopen = () => tell('open', { id })
      socket.onmessage = ({ data }: MessageEvent<unknown>) =>
        tell('message', {
          id,
          data: data instanceof ArrayBuffer ? { base64: toBase64(new Uint8Array(data)) } : data,
        })
      socket.onerror = lose
      socket.onclose = ({ code, reason }) => end('closed', () => tell('close', { id, code, reason }))
    },
    send({ id, data }: { id: string; data: string | Base64Data }) {
      sockets.get(id)?.send(typeof data === 'string' ? data : fromBase64(data))
    },
    close: ({ id, args }: { id: string; args?: { code?: number; reason?: string } }) =>
      sockets.get(id)?.close(args?.code ?? 1000, args?.reason ?? ''),
    ...Object.fromEntries(
      (['open', 'message', 'error', 'close'] as const).map((kind) => [
        `on${kind}`,
        (handler: (facts: SocketFacts) => void) => {
          handlers[kind] = handler
        },
      ]),
    ),
  }
}
