import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { ServerFrame } from '../../../src/server/socket/frame.js'
import type { Signal } from '../../../src/server/hub/signal.js'
import { eventually } from '../../helpers/eventually.js'
import { serveHub, type Served, type ServeOptions } from '../http/serve-hub.js'

let served: Served
afterEach(() => served.close())

const ID = 'abcdefghij0123456789'

/** Reads a socket to its end. */
function read(path: string): Promise<{ readonly frames: readonly ServerFrame[]; readonly code: number }> {
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}/api/chat${path}`)
  const frames: ServerFrame[] = []
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as ServerFrame))
  return new Promise((resolve) => socket.on('close', (code) => resolve({ frames, code })))
}

async function serve(options: ServeOptions = {}) {
  served = await serveHub(options)
  const reasons: string[] = []
  served.hub.observe((signal: Signal) => signal.kind === 'disconnect' && reasons.push(signal.reason))
  await served.hub.create({ channelId: ID })
  return reasons
}

describe('a socket', () => {
  it('ends in order at its maximum age', async () => {
    const reasons = await serve({ limits: { maxConnectionMs: 500 } })
    const { frames, code } = await read(`/${ID}`)
    expect(frames.map((frame) => frame.type)).toEqual(['open', 'retry', 'end'])
    expect(code).toBe(1000)
    await eventually('it is told', () => reasons.join() === 'age')
  })

  it('ends in order when its credentials expire', async () => {
    const reasons = await serve({ authorize: () => ({ userId: 'u1', expiresAt: Date.now() + 1_000 }) })
    const { frames, code } = await read(`/${ID}`)
    expect(frames[frames.length - 1]).toEqual({ type: 'end' })
    expect(code).toBe(1000)
    await eventually('it is told', () => reasons.join() === 'age')
  })

  it('is handed over when the server goes, each with a pause of its own', async () => {
    const reasons = await serve()
    const reading = Array.from({ length: 10 }, () => read(`/${ID}`))
    await eventually('all read', async () => (await served.hub.getStats()).connections === 10)
    await served.sockets.close()
    const answers = await Promise.all(reading)
    const pauses = answers.map(({ frames }) => {
      const retry = frames.find((frame) => frame.type === 'retry')
      return retry?.type === 'retry' ? retry.delayMs : NaN
    })
    expect(answers.every(({ code }) => code === 1001)).toBe(true)
    expect(new Set(pauses).size).toBeGreaterThan(3)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(100)
    await eventually('it is told', () => reasons.length === 10)
    expect(new Set(reasons)).toEqual(new Set(['shutdown']))
  })
})
