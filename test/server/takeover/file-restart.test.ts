import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCursor } from '../../../src/core/cursor.js'
import { eventually } from '../../helpers/eventually.js'
import { posting, readEvents } from '../../helpers/read-events.js'
import { startTakeoverNode, type TakeoverNode } from './start-node.js'

let folder: string
let node: TakeoverNode
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-restart-'))
  node = await start()
})
afterEach(async () => {
  await node.leave()
  await rm(folder, { recursive: true, force: true })
})

const effects = () => join(folder, 'effects')
const start = () => startTakeoverNode({ LOG: 'file', WHERE: join(folder, 'log'), EFFECTS: effects() })

const idOf = (name: string) => name.padEnd(20, '0')
const run = (name: string, job: object) =>
  fetch(
    node.url,
    posting({ stepMs: 100, ...job }, { 'x-channel-id': idOf(name), accept: 'application/json' }),
  )
const read = (name: string, init: RequestInit = {}, enough = Infinity) =>
  readEvents(`${node.url}/${idOf(name)}/stream`, init, (events) => events.length >= enough)

/** The next process, after this one was killed as the system kills. */
async function restart() {
  node.kill()
  await node.leave()
  node = await start()
}

describe('a single process with fileLog that is killed', () => {
  it('goes on with its runs, and its readers with their cursors: each step once', async () => {
    await run('job', { steps: 10 })
    const before = await read('job', {}, 4)
    const last = before.events[before.events.length - 1]
    await restart()
    const after = await read('job', { headers: { 'last-event-id': last?.id ?? '' } })
    const events = [...before.events, ...after.events]
    expect(events.map(({ id }) => parseCursor(id)?.seq)).toEqual(Array.from({ length: 13 }, (_, seq) => seq))
    const steps = events
      .slice(1, -2)
      .map(({ data }) => (JSON.parse(data) as { data: { step: number } }).data.step)
    expect(steps).toEqual(Array.from({ length: 10 }, (_, step) => step))
    const begun = (await readFile(effects(), 'utf8')).trim().split('\n')
    expect(begun.length).toBeLessThanOrEqual(11)
  })

  it('has the answers that had ended, and runs none of them again', async () => {
    await run('whole', { steps: 3 })
    const before = await read('whole')
    await restart()
    expect((await read('whole')).events).toEqual(before.events)
    await run('whole', { steps: 3 })
    expect((await readFile(effects(), 'utf8')).trim().split('\n')).toHaveLength(3)
  })

  it('ends what cannot be gone on with, and keeps what was written', async () => {
    await run('lost', { steps: 1_000, resumable: 'no' })
    const before = await read('lost', {}, 4)
    await restart()
    const { events } = await read('lost')
    expect(events.slice(0, 4)).toEqual(before.events)
    expect(events.slice(-2).map(({ data }) => data)).toEqual([expect.stringContaining('process'), '[DONE]'])
  })

  it('loses no acknowledged step, however often it is killed', async () => {
    await run('often', { steps: 30, stepMs: 20 })
    for (let kills = 0; kills < 3; kills++) {
      const known = (await read('often', {}, 2 + kills * 4)).events
      await restart()
      await eventually('it answers', async () => (await read('often', {}, 1)).events.length === 1)
      expect((await read('often', {}, known.length)).events).toEqual(known)
    }
    const { events } = await read('often')
    expect(events).toHaveLength(33)
  })
})
