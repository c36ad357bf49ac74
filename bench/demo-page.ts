import { setTimeout as delay } from 'node:timers/promises'
import { createHandler, createHub, memoryLog } from 'uni-sse-channel/server'
import { buildDemo } from '../test/hosts/build.js'
import { createMiniProgram } from '../test/hosts/mini-program/create-mini-program.js'
import type { SetDataStats } from '../test/hosts/mini-program/set-data-meter.js'
import { startStaticServer } from '../test/hosts/static-server.js'

/**
 * The chat page of the demo on WeChat, from the question to the end of the answer: everything that any page or
 * component of it hands to `setData`.
 * @param pieces of the answer, one an event
 */
export async function playDemoPage(pieces: readonly string[], everyMs: number): Promise<SetDataStats> {
  const hub = createHub({ log: memoryLog() })
  const handler = createHandler(hub, {
    basePath: '/api/chat',
    cors: '*',
    start: () =>
      async function* () {
        yield { type: 'start' }
        yield { type: 'text-start', id: '1' }
        // By the clock: on a machine with other work each wait is longer than it should be, and a flush has less text.
        const begun = performance.now()
        for (const [at, delta] of pieces.entries()) {
          yield { type: 'text-delta', id: '1', delta }
          await delay(Math.max(0, begun + (at + 1) * everyMs - performance.now()))
        }
        yield { type: 'text-end', id: '1' }
        yield { type: 'finish' }
      },
  })
  const server = await startStaticServer({ api: handler })
  const app = createMiniProgram(await buildDemo('mp-weixin'), { storage: { 'demo-server': server.url } })
  try {
    await app.start('pages/chat/chat')
    app.input('.chat-composer__input', 'bytes')
    await app.waitFor(() => app.find('.chat-composer__send:not(.chat-composer__send--off)'))
    app.resetSetData()
    app.tap('.chat-composer__send')
    const told = () => app.find('.chat').querySelector('.streaming-text__said')?.textContent?.trim()
    await app.waitFor(told, { timeoutMs: 180_000, what: 'the end of the answer' })
    if (app.errors.length) throw new Error(app.errors.join('\n'))
    return app.setDataStats()
  } finally {
    await app.close()
    await handler.close()
    await hub.shutdown()
    await server.close()
  }
}
