import { runEnding } from './run-ending.js'
import type { Decoder } from './decoder.js'

/**
 * Events whose data is one JSON value each, with no meaning to the library: progress, notifications, prices.
 * Data that is not JSON arrives as the string it is.
 */
export const jsonDecoder: Decoder = () => (event) => {
  const ending = runEnding(event)
  if (ending) return { ending }
  return { message: parseLoosely(event.data) }
}

export function parseLoosely(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}
