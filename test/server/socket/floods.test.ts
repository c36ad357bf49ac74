import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { serveHub, type Served, type ServeOptions } from '../http/serve-hub.js'
import { connectRaw, frame, OPCODE, type RawSocket } from './raw-socket.js'

const ID = 'abcdefghij0123456789'
const STOP = '{"type":"stop"}'

let served: Served
const clients: RawSocket[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await served.close()
})

async function reading(options: ServeOptions = {}): Promise<RawSocket> {
  served = await serveHub(options)
  await served.hub.run(
    ID,
    ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  )
  const client = await connectRaw(`${served.base}/${ID}/stream`)
  clients.push(client)
  await eventually('it is open', () => client.text().includes('"type":"open"'))
  return client
}

const statusOf = async () => (await served.hub.getInfo(ID)).status
const manyOf = (count: number, one: Buffer) => Array.from({ length: count }, () => one)

describe('a reader', () => {
  it.each([
    ['tiny messages, thousands in one piece', manyOf(5_000, frame(OPCODE.text, '1'))],
    ['pings', manyOf(40_000, frame(OPCODE.ping))],
    ['pongs', manyOf(40_000, frame(OPCODE.pong))],
    [
      'a message in pieces that never ends',
      [frame(OPCODE.text, '{', false), ...manyOf(40_000, frame(OPCODE.continuation, ' ', false))],
    ],
    [
      'empty pieces',
      [frame(OPCODE.text, '', false), ...manyOf(40_000, frame(OPCODE.continuation, '', false))],
    ],
  ])('that floods with %s is closed, and the run goes on', async (_what, frames) => {
    const client = await reading()
    client.write(...frames)
    await eventually('it is closed', () => client.isClosed())
    await eventually('its place is free', async () => (await served.hub.getStats()).connections === 0)
    expect(await statusOf()).toBe('active')
    expect(served.errors).toEqual([])
  })

  it('that floods and does not read is closed just so', async () => {
    const client = await reading()
    client.pause()
    client.write(...manyOf(40_000, frame(OPCODE.ping, 'x'.repeat(100))))
    await eventually('it is closed', async () => (await served.hub.getStats()).connections === 0)
  })

  it('is heard though its message comes in pieces, with pings and pongs between them', async () => {
    const client = await reading()
    const pieces = [...STOP].map((char, i) =>
      frame(i === 0 ? OPCODE.text : OPCODE.continuation, char, i === STOP.length - 1),
    )
    client.write(...pieces.flatMap((piece) => [piece, frame(OPCODE.ping, 'p')]))
    await eventually('the run is stopped', async () => (await statusOf()) === 'stopped')
  })

  it('is heard though each byte comes by itself', async () => {
    const client = await reading()
    for (const byte of frame(OPCODE.text, STOP)) {
      client.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await eventually('the run is stopped', async () => (await statusOf()) === 'stopped')
  })

  it('that closes in the middle of a piece is gone: what comes behind is not heard', async () => {
    const client = await reading()
    client.write(
      frame(OPCODE.text, '{"type":', false),
      frame(OPCODE.close),
      frame(OPCODE.continuation, '"stop"}'),
      frame(OPCODE.text, STOP),
    )
    await eventually('it is closed', () => client.isClosed())
    await eventually('its place is free', async () => (await served.hub.getStats()).connections === 0)
    expect(await statusOf()).toBe('active')
  })

  it('that says stop a thousand times at once stops once', async () => {
    let asked = 0
    const client = await reading({
      authorize: (_request, { action }) => {
        if (action === 'stop') asked++
        return { role: 'operator' }
      },
    })
    client.write(...manyOf(1_000, frame(OPCODE.text, STOP)))
    await eventually('the run is stopped', async () => (await statusOf()) === 'stopped')
    expect(asked).toBe(1)
  })
})

describe('a start', () => {
  it('may come in pieces, and is refused where they never end', async () => {
    served = await serveHub({ limits: { maxBodyBytes: 10_000, bodyTimeoutMs: 60_000 } })
    const start = async () => {
      const client = await connectRaw(served.base)
      clients.push(client)
      return client
    }
    const text = JSON.stringify({ chunks: [{ type: 'data-x', data: 'x'.repeat(5_000) }] })
    const whole = await start()
    whole.write(
      ...[...text].map((char, i) =>
        frame(i === 0 ? OPCODE.text : OPCODE.continuation, char, i === text.length - 1),
      ),
    )
    await eventually('it is answered', () => whole.text().includes('[DONE]'))
    const endless = await start()
    endless.write(frame(OPCODE.text, '{', false), ...manyOf(40_000, frame(OPCODE.continuation, '', false)))
    await eventually('it is refused', () => endless.isClosed())
    expect(endless.text()).not.toContain('"type":"open"')
  })
})
