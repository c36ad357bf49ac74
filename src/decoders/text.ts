import { runEnding } from './run-ending.js'
import type { Decoder } from './decoder.js'

/** Events whose data is the next piece of the answer's text, as it is: servers that send text without any framing. */
export const textDecoder: Decoder = () => (event) => {
  const ending = runEnding(event)
  if (ending) return { ending }
  return { message: event.data, chunks: [{ type: 'text', delta: event.data }] }
}
