import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { type Frame, readData } from './frame.js'

/** AES-128-CBC with PKCS7. */
export interface SessionKey {
  readonly key: Buffer
  readonly iv: Buffer
}

const CIPHER = 'aes-128-cbc'
/** How much later than its negotiate frame the SDK may have read the clock for its key, in milliseconds. */
const CLOCK_WINDOW_MS = 20_000

export function encrypt({ key, iv }: SessionKey, text: string): string {
  const cipher = createCipheriv(CIPHER, key, iv)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

export function decrypt({ key, iv }: SessionKey, base64: string): string | undefined {
  try {
    const decipher = createDecipheriv(CIPHER, key, iv)
    return Buffer.concat([decipher.update(base64, 'base64'), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/**
 * The key of an unmodified SDK. It encrypts the key for the vendor's gateway, whose private key nobody else has;
 * but it makes the key from the clock: md5 of the milliseconds, and md5 of that as the IV. The negotiate frame
 * carries the clock, so the first encrypted frame shows which millisecond it was.
 */
export function recoverSessionKey(negotiatedAt: number, frame: Frame): SessionKey | undefined {
  for (let offset = -5; offset < CLOCK_WINDOW_MS; offset++) {
    const key = md5(String(negotiatedAt + offset))
    const candidate = { key, iv: md5(key) }
    if (readData(frame, candidate) !== undefined) return candidate
  }
  return undefined
}

function md5(data: string | Buffer): Buffer {
  return createHash('md5').update(data).digest()
}
