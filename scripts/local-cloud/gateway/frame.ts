import { createHash } from 'node:crypto'
import { decrypt, encrypt, type SessionKey } from './session-key.js'

/** What a frame is for, both directions. */
export const command = {
  heartbeat: 0,
  negotiate: 1,
  negotiated: 16,
  register: 2,
  registered: 32,
  login: 3,
  loggedIn: 48,
  /** Client: acknowledgements and feedback. */
  action: 5,
  /** Gateway: a push, or the acknowledgement of an action. */
  push: 80,
  close: 96,
  redirect: 112,
} as const

/** One JSON text message on the push socket. `data` is JSON text, encrypted once a key is agreed. */
export interface Frame {
  readonly version: string
  readonly command: number
  readonly packetId: number
  readonly timeStamp: number
  readonly data: string
  readonly signature: string
}

type Signed = Pick<Frame, 'timeStamp' | 'packetId' | 'command' | 'data'>

/** Over the data in clear. */
export function signatureOf({ timeStamp, packetId, command: code, data }: Signed): string {
  return createHash('sha256').update(`${timeStamp}${packetId}${code}${data}`, 'utf8').digest('base64')
}

/** @returns undefined for what is no frame */
export function parseFrame(text: string): Frame | undefined {
  try {
    const frame = JSON.parse(text) as Frame
    return typeof frame.command === 'number' ? frame : undefined
  } catch {
    return undefined
  }
}

/** A signed frame as text. Without a key the data stays in clear. */
export function writeFrame(code: number, packetId: number, payload: unknown, key?: SessionKey): string {
  const data = JSON.stringify(payload)
  const head = { version: '1.0', command: code, packetId, timeStamp: Date.now() }
  const signature = signatureOf({ ...head, data })
  return JSON.stringify({ ...head, data: key ? encrypt(key, data) : data, signature })
}

/** The data in clear, or undefined when this key can't read it or the signature is wrong. */
export function readData(frame: Frame, key: SessionKey): string | undefined {
  const data = decrypt(key, frame.data)
  return data !== undefined && signatureOf({ ...frame, data }) === frame.signature ? data : undefined
}
