import type { WebSocket } from 'ws'
import type { Batch } from '../log/event-log.js'
import type { Kept } from '../http/problem.js'
import { batchFrame, refusal, type ServerFrame } from './frame.js'

/** A socket with fewer unsent bytes than this may be given more at once. */
const LOW_WATER_BYTES = 64 * 1024

/** A client that has said nothing for so many heartbeats is gone, even if its network never told. */
const MISSED_BEATS = 3

export interface SocketStreamOptions {
  /** A socket with more unsent bytes than this is destroyed, and `onSlow` called before. */
  readonly maxPendingBytes: number
  readonly onSlow: () => void
  /** Called for every message, with its bytes as they came: what they cost is for the listener to decide. */
  readonly onMessage: (data: Buffer, isBinary: boolean) => void
  /** Called once when the socket is over, whoever ended it. */
  readonly onClosed: () => void
  /** Called when a write that returned false has gone out. */
  readonly onDrain: () => void
}

/** One WebSocket as a stream of frames. */
export interface SocketStream {
  /** False: wait for `onDrain` before sending more that can wait. */
  batch(batch: Batch): boolean
  frame(frame: ServerFrame): void
  /** Sends a heartbeat; destroys a socket whose client no longer answers. */
  beat(): void
  /** Ends in order. */
  end(code: number): void
  /** Tells why, then closes. */
  refuse(thrown: unknown, kept?: Kept): void
  destroy(): void
}

export function createSocketStream(socket: WebSocket, options: SocketStreamOptions): SocketStream {
  const { maxPendingBytes, onSlow, onMessage, onClosed, onDrain } = options
  let unanswered = 0
  let blocked = false

  socket.on('message', (data, isBinary) => {
    unanswered = 0
    onMessage(data as Buffer, isBinary)
  })
  socket.on('close', onClosed)
  // Too large a message, a broken frame, a reset: 'close' follows.
  socket.on('error', () => undefined)

  function send(text: string): boolean {
    if (socket.readyState !== socket.OPEN) return false
    if (socket.bufferedAmount > maxPendingBytes) {
      onSlow()
      socket.terminate()
      return false
    }
    socket.send(text, drained)
    if (socket.bufferedAmount < LOW_WATER_BYTES) return true
    blocked = true
    return false
  }

  function drained() {
    if (!blocked || socket.bufferedAmount >= LOW_WATER_BYTES) return
    blocked = false
    onDrain()
  }

  return {
    batch: (batch) => send(batchFrame(batch)),
    frame: (frame) => void send(JSON.stringify(frame)),
    beat() {
      if (++unanswered > MISSED_BEATS) socket.terminate()
      else send('{"type":"ping"}')
    },
    end(code) {
      send('{"type":"end"}')
      socket.close(code)
    },
    refuse(thrown, kept) {
      const { frame, closeCode } = refusal(thrown, kept)
      send(frame)
      socket.close(closeCode)
    },
    destroy: () => socket.terminate(),
  }
}
