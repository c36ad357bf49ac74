import { ChannelError } from '../core/channel-error.js'
import { isHeader } from '../transports/check-headers.js'
import { resolveUrl } from '../transports/resolve-url.js'
import type { SSEClientOptions, SSEPostOptions } from './sse-client.js'

const PROTOCOLS: readonly unknown[] = ['channel', 'sse', 'text', undefined]

/** @throws {ChannelError} BAD_OPTIONS */
export function checkClientOptions(options: SSEClientOptions): void {
  if (!isObject(options)) throw bad('new SSEClient() takes an object of options', options)
  const { protocol, transport } = options
  if (!PROTOCOLS.includes(protocol)) throw bad('protocol must be "channel", "sse" or "text"', protocol)
  if (transport !== undefined && typeof transport.stream !== 'function')
    throw bad('transport must be a Transport', transport)
}

/**
 * What of a post can be seen to be wrong before anything is sent.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function checkPostOptions(options: SSEPostOptions): void {
  if (!isObject(options)) throw bad('post() takes an object of options', options)
  const { url, headers = {}, timeout = 1, reconnectCount = 0, onMessage, onError } = options
  const address = typeof url === 'string' ? resolveUrl(url) : undefined
  if (address === undefined || !/^https?:/i.test(address))
    throw bad('url must be an address of http or https, absolute except on H5', url)
  if (!isObject(headers)) throw bad('headers must be an object', headers)
  for (const [name, value] of Object.entries(headers) as [string, unknown][])
    // As in useSSEChannel(): one that is undefined is not sent.
    if (value !== undefined && value !== null && !isHeader(name, value))
      throw bad(`headers must hold strings that HTTP can carry, "${name}" does not`, value)
  if (typeof timeout !== 'number' || !(timeout > 0))
    throw bad('timeout must be milliseconds above 0, or Infinity', timeout)
  if (typeof reconnectCount !== 'number' || !(reconnectCount >= 0 && reconnectCount < Infinity))
    throw bad('reconnectCount must be a number from 0 on', reconnectCount)
  for (const [name, listener] of Object.entries({ onMessage, onError }))
    if (listener !== undefined && typeof listener !== 'function')
      throw bad(`${name} must be a function`, listener)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function bad(rule: string, value: unknown): ChannelError {
  const got = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return new ChannelError('BAD_OPTIONS', `${rule}; got ${got}.`)
}
