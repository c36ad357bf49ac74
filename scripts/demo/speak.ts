import { setTimeout as sleep } from 'node:timers/promises'
import type { UIMessageChunk } from 'uni-sse-channel/server'
import { seededRandom } from '../../src/server/producers/seeded-random.js'

type Chunks = AsyncGenerator<UIMessageChunk, void>

/** Pieces of a text at the pace of a model. The same pieces for the same text. */
export async function* paced(
  text: string,
  paceMs: number,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const random = seededRandom(text)
  const characters = [...text]
  for (let at = 0; at < characters.length;) {
    const length = random.between(1, 6)
    if (paceMs > 0) await sleep(paceMs * (0.5 + random.next()), undefined, { signal })
    yield characters.slice(at, at + length).join('')
    at += length
  }
}

/** A whole text or thought as chunks. */
export async function* speak(
  kind: 'text' | 'reasoning',
  id: string,
  text: string,
  paceMs: number,
  signal: AbortSignal,
): Chunks {
  yield { type: `${kind}-start`, id }
  for await (const delta of paced(text, paceMs, signal)) yield { type: `${kind}-delta`, id, delta }
  yield { type: `${kind}-end`, id }
}
