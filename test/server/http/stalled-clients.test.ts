import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { createHub } from '../../../src/server/hub/create-hub.js'
import { createHandler } from '../../../src/server/http/create-handler.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { eventually } from '../../helpers/eventually.js'
import { listen, unlisten } from '../../helpers/listen.js'

const STALLED = 100
const EVENTS = 100_000
const MIB = 1024 * 1024

/** Asks for the stream and reads nothing of it. */
function stalled(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  socket.write('GET /flood HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  return socket.pause()
}

/** Reads all and counts: holes and repeats show in the sequence numbers. */
function healthy(port: number) {
  const seen = { events: 0, wrong: 0 }
  let rest = ''
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('latin1').write('GET /flood HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const id = /^id: \w+_(\d+)$/.exec(line)
      if (id && Number(id[1]) !== seen.events++) seen.wrong++
    }
  })
  return { seen, socket }
}

it(`cuts ${STALLED} stalled clients with little memory, while the healthy ones see each of ${EVENTS} events`, async () => {
  const hub = createHub({ log: memoryLog() })
  const handler = createHandler(hub, { start: () => async () => undefined })
  const server = createServer(handler)
  const port = await listen(server)
  await hub.create({ channelId: 'flood' })
  const stalls = Array.from({ length: STALLED }, () => stalled(port))
  const readers = [healthy(port), healthy(port)]
  const connections = async () => (await hub.getStats()).connections
  await eventually('all are connected', async () => (await connections()) === STALLED + 2)
  const before = process.memoryUsage().rss
  let peak = before
  const data = 'x'.repeat(1024)
  for (let sent = 0; sent < EVENTS; sent++) {
    await hub.send({ channelId: 'flood', data })
    if (sent % 100 !== 0) continue
    peak = Math.max(peak, process.memoryUsage().rss)
    // A healthy client is one that keeps up, however busy the machine is.
    await eventually('the healthy keep up', () => readers.every(({ seen }) => seen.events > sent - 500))
  }
  await eventually('they have all', () => readers.every(({ seen }) => seen.events === EVENTS))
  expect(readers.map(({ seen }) => seen.wrong)).toEqual([0, 0])
  expect(await connections()).toBe(2)
  expect((peak - before) / MIB / STALLED).toBeLessThan(2)
  for (const socket of [...stalls, ...readers.map((reader) => reader.socket)]) socket.destroy()
  await handler.close()
  await unlisten(server)
})
