import { createSseReader } from '../../src/core/sse.js'
import type { Ending } from '../../src/core/session.js'
import type { Decoder } from '../../src/index.js'
import { createAnswer } from '../../src/messages/create-answer.js'

/** What a page shows of a vendor's stream, byte for byte as the vendor's documents have it. */
export function read(decoder: Decoder, stream: string) {
  const answer = createAnswer()
  const decode = decoder()
  const messages: unknown[] = []
  let ending: Ending | undefined
  const reader = createSseReader({
    event(event) {
      if (ending) return
      const decoded = decode(event) ?? {}
      if (decoded.message !== undefined) messages.push(decoded.message)
      for (const chunk of decoded.chunks ?? []) answer.add(chunk)
      ending = decoded.ending
    },
  })
  reader.feed(stream)
  answer.close()
  return { text: answer.text, reasoning: answer.reasoning, parts: answer.parts, ending, messages }
}

/** Events without a name. */
export const data = (...values: unknown[]) =>
  values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')
/** Events with one. */
export const named = (...events: [string, unknown][]) =>
  events.map(([name, value]) => `event:${name}\ndata:${JSON.stringify(value)}\n\n`).join('')

/** The ending of a failure that the vendor puts so. */
export const error = (message: string) => ({ outcome: 'error', error: { code: 'PRODUCER_ERROR', message } })
