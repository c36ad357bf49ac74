import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A WebSocket client that says exactly what it is told, as no library would. */
export interface RawSocket {
  /** One piece of bytes, however many frames are in it. */
  write(...frames: readonly Buffer[]): void
  /** What came so far, as text: frames of the server are not masked. */
  readonly text: () => string
  /** Reads no more. */
  pause(): void
  readonly isClosed: () => boolean
  destroy(): void
}

export const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const

/** A frame of a client, masked with zeros. */
export function frame(opcode: number, payload = '', isLast = true): Buffer {
  const data = Buffer.from(payload)
  const head = data.length < 126 ? [0x80 | data.length] : [0x80 | 126, data.length >> 8, data.length & 255]
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode, ...head, 0, 0, 0, 0]), data])
}

export async function connectRaw(url: string): Promise<RawSocket> {
  const { hostname, port, pathname } = new URL(url)
  const socket: Socket = connect(Number(port), hostname).setNoDelay(true)
  let said = ''
  let state: 'open' | 'closed' = 'open'
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
  socket.on('error', () => undefined).on('close', () => (state = 'closed'))
  await once(socket, 'connect')
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  while (!said.includes('\r\n\r\n')) await once(socket, 'data')
  return {
    write: (...frames) => void (state === 'open' && socket.write(Buffer.concat(frames))),
    text: () => said,
    pause: () => void socket.pause(),
    isClosed: () => state === 'closed',
    destroy: () => void socket.destroy(),
  }
}
