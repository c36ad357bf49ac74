import { ChannelError } from '../../core/channel-error.js'

/** Deeper than any message is, and far from what a recursion over it could not take. */
const MAX_DEPTH = 200

/**
 * A client's JSON. Its depth is looked at first: whoever walks through it later does so by recursion.
 * @param what the text's name, to begin a sentence with
 * @throws {ChannelError} BAD_REQUEST
 */
export function parseJsonText(text: string, what: string): unknown {
  if (isDeeper(text, MAX_DEPTH))
    throw new ChannelError('BAD_REQUEST', `${what} is nested deeper than ${MAX_DEPTH} levels.`)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ChannelError('BAD_REQUEST', `${what} is not JSON.`, { cause })
  }
}

function isDeeper(text: string, max: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) at = endOfString(text, at)
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > max) return true
    } else if (unit === 0x5d || unit === 0x7d) depth--
  }
  return false
}

/** The index of the quote that ends the string which begins here; the end of the text for none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x5c) at++
    else if (unit === 0x22) return at
  }
  return text.length
}
