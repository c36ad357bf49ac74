import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer, UIMessageChunk } from 'uni-sse-channel/server'

/** A plain answer of so many pieces, one every 40 ms: slow enough to see whether it streams. */
export const probeAnswer = (pieces: number): Producer<UIMessageChunk> =>
  async function* probe({ channelId, signal }) {
    yield { type: 'start', messageId: channelId }
    yield { type: 'text-start', id: 'text' }
    for (let piece = 1; piece <= pieces; piece++) {
      await sleep(40, undefined, { signal })
      yield { type: 'text-delta', id: 'text', delta: `${piece} 流式 ` }
    }
    yield { type: 'text-end', id: 'text' }
    yield { type: 'finish', finishReason: 'stop' }
  }
