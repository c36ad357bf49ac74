import type { Producer } from '../hub/producer.js'
import type { UIMessageChunk } from '../hub/stream-format.js'
import type { ChatInput } from './chat-input.js'
import { composeDemoAnswer } from './demo-answer.js'
import { seededRandom, type SeededRandom } from './seeded-random.js'

/** What `demoModel()` takes. */
export interface DemoModelOptions {
  /** Mean pause between two deltas, in milliseconds, with jitter. Default 17, about 60 a second; 0 switches it off. */
  readonly paceMs?: number
  /** The answer has at least so many bytes of UTF-8. Default 0: about 2 KB. */
  readonly minBytes?: number
}

/** A model that needs no key and no network: markdown that depends on the prompt, paced like a real one. */
export function demoModel(options: DemoModelOptions = {}): (input: ChatInput) => Producer<UIMessageChunk> {
  const { paceMs = 17, minBytes = 0 } = options
  return ({ prompt }) =>
    async function* demo({ channelId, signal }) {
      const { reasoning, text } = composeDemoAnswer(prompt, minBytes)
      const random = seededRandom(prompt)
      const pause = () => (paceMs > 0 ? sleep(paceMs * (0.5 + random.next()), signal) : undefined)
      yield { type: 'start', messageId: channelId }
      yield { type: 'reasoning-start', id: 'reasoning' }
      for (const delta of cutTokens(reasoning, random)) {
        await pause()
        yield { type: 'reasoning-delta', id: 'reasoning', delta }
      }
      yield { type: 'reasoning-end', id: 'reasoning' }
      yield { type: 'text-start', id: 'text' }
      for (const delta of cutTokens(text, random)) {
        await pause()
        yield { type: 'text-delta', id: 'text', delta }
      }
      yield { type: 'text-end', id: 'text' }
      yield { type: 'finish' }
    }
}

/** Pieces of 1 to 6 characters. */
function* cutTokens(text: string, random: SeededRandom): Generator<string> {
  const characters = [...text]
  for (let at = 0; at < characters.length;) {
    const length = random.between(1, 6)
    yield characters.slice(at, at + length).join('')
    at += length
  }
}

/** Rejects at once when aborted. */
function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    if (signal.aborted) return reject(signal.reason)
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, delayMs)
    signal.addEventListener('abort', abort, { once: true })
  })
}
