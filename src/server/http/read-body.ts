import type { IncomingMessage } from 'node:http'
import { ChannelError } from '../../core/channel-error.js'
import { parseJsonText } from './parse-json-text.js'

export interface BodyLimits {
  readonly maxBytes: number
  readonly timeoutMs: number
}

/**
 * The request's JSON.
 * A body over the limit is refused as soon as that is known, and its bytes are never kept.
 * @throws {ChannelError} UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, BAD_REQUEST (not JSON; cut; too slow)
 */
export async function readJson(request: IncomingMessage, limits: BodyLimits): Promise<unknown> {
  checkJsonType(request.headers['content-type'], request.headers['content-encoding'])
  // A body parser came first, with limits of its own.
  if (request.readableEnded && 'body' in request) return request.body
  return parseJson(await readBytes(request, limits))
}

/** @throws {ChannelError} BAD_REQUEST */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new ChannelError('BAD_REQUEST', 'The body is not UTF-8.', { cause: error })
  }
  return parseJsonText(text, 'The body')
}

/** @throws {ChannelError} UNSUPPORTED_MEDIA_TYPE */
export function checkJsonType(type: string | null | undefined, encoding: string | null | undefined): void {
  const plain = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type ?? '')
  if (!plain || (encoding ?? undefined) !== undefined) {
    throw new ChannelError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Send JSON in UTF-8, uncompressed, with content-type: application/json.',
    )
  }
}

function readBytes(request: IncomingMessage, { maxBytes, timeoutMs }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const onLate = () =>
      settle(() => reject(new ChannelError('BAD_REQUEST', 'The body took too long to arrive.')))
    const timer = timeoutMs === Infinity ? undefined : setTimeout(onLate, timeoutMs)
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) settle(() => reject(new ChannelError('BODY_TOO_LARGE')))
      else chunks.push(chunk)
    }
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)))
    const onCut = () => settle(() => reject(new ChannelError('BAD_REQUEST', 'The body was cut off.')))

    function settle(outcome: () => void) {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('close', onCut)
      outcome()
    }

    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      settle(() => reject(new ChannelError('BODY_TOO_LARGE')))
      return
    }
    // While it was asked who it is from: 'close' has been and will not come again.
    if (request.destroyed) return onCut()
    // An aborted upload is an 'error' as well as a 'close'; without a listener it would end the process.
    request.on('error', () => undefined)
    request.on('data', onData).on('end', onEnd).on('close', onCut)
  })
}

/**
 * Reads away what is left of a body that was refused, so that the client gets to see the answer: closing a socket with
 * unread bytes resets it. Cuts the connection when that takes too long.
 */
export function discardBody(request: IncomingMessage, graceMs: number): void {
  if (request.complete || request.destroyed) return
  const timer = setTimeout(() => request.destroy(), graceMs).unref()
  request.on('error', () => undefined)
  request.on('close', () => clearTimeout(timer)).on('end', () => clearTimeout(timer))
  request.resume()
}
