import { toChannelError, type ChannelError } from '../core/channel-error.js'
import { isErrorCode, type ErrorCode } from '../core/error-codes.js'
import { hasCloudSpace } from './uni-cloud-client.js'

/** The uniCloud client puts the cloud's request id on errors that the cloud answered with; others are the network's. */
export function isRefusal(thrown: unknown): boolean {
  return Boolean((Object(thrown) as { requestId?: unknown }).requestId)
}

export interface Refusal {
  /** Ours, where the function threw an error of ours. */
  readonly code: ErrorCode | undefined
  readonly text: string
}

/**
 * What the cloud answered. Its `code` is often the cloud's own (`FunctionBizError`), with the code of the function's
 * error in front of the text, and the client puts the function's name before that: `[name]: CHANNEL_CLAIMED:…`.
 */
export function readRefusal(thrown: unknown): Refusal {
  const { code, errCode, message } = Object(thrown) as Record<'code' | 'errCode' | 'message', unknown>
  const text = (typeof message === 'string' ? message : String(thrown)).replace(/^\[[^\]]*\]: ?/, '')
  const inText = /^\w+(?=:)/.exec(text)?.[0]
  return { code: [code, errCode, inText].find(isErrorCode), text }
}

/** Was this the second of two calls with one channel? The first one goes on. */
export function isClaimed(thrown: unknown): boolean {
  const { code, text } = readRefusal(thrown)
  return code === 'CHANNEL_CLAIMED' || text.indexOf('CHANNEL_CLAIMED') >= 0
}

/** Why a call got no answer of the cloud. */
export function explainSilence(thrown: unknown): ChannelError {
  return toChannelError(thrown, hasCloudSpace() ? 'CONNECTION_LOST' : 'CLOUD_UNAVAILABLE')
}
