import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCursor } from '../../../src/core/cursor.js'
import { eventually } from '../../helpers/eventually.js'
import { posting, readEvents } from '../../helpers/read-events.js'
import { startTakeoverNode, type TakeoverNode } from './start-node.js'

export interface SharedLog {
  readonly name: string
  /** The environment of a node of an empty log, for takeover-node.ts. */
  create(): Promise<Readonly<Record<string, string>>>
}

const ID = 'abcdefghij0123456789'
const gap = (data: string) => (data === '[DONE]' ? 'end' : (JSON.parse(data) as { type: string }).type)

/** Proves that runs outlive their processes where these share a log: with real processes, killed as the system kills. */
export function takeoverContract(subject: SharedLog): void {
  describe(`${subject.name} when a process dies`, () => {
    let env: Readonly<Record<string, string>>
    let folder: string
    let nodes: TakeoverNode[]
    beforeEach(async () => {
      nodes = []
      folder = await mkdtemp(join(tmpdir(), 'takeover-'))
      env = { ...(await subject.create()), EFFECTS: join(folder, 'effects') }
    })
    afterEach(async () => {
      await Promise.all(nodes.map((node) => node.leave()))
      await rm(folder, { recursive: true, force: true })
    })

    async function node(more: Readonly<Record<string, string>> = {}) {
      const started = await startTakeoverNode({ ...env, ...more })
      nodes.push(started)
      return started
    }

    async function effects() {
      const text = await readFile(env.EFFECTS as string, 'utf8').catch(() => '')
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' ').map(Number) as [pid: number, step: number])
    }

    const start = ({ url }: TakeoverNode, job: object) =>
      fetch(url, posting(job, { 'x-channel-id': ID, accept: 'application/json' }))

    const read = ({ url }: TakeoverNode) => readEvents(`${url}/${ID}/stream`)

    async function stepsBegin(count: number) {
      await eventually(`${count} steps begin`, async () => (await effects()).length >= count)
    }

    /** Each step once and in order, by dense ids. */
    async function expectWhole(answer: ReturnType<typeof read>, steps: number) {
      const { events } = await answer
      expect(events.map(({ data }) => gap(data))).toEqual([
        'start',
        ...Array<string>(steps).fill('data-step'),
        'finish',
        'end',
      ])
      expect(events.map(({ id }) => parseCursor(id)?.seq)).toEqual(events.map((_, index) => index))
      const chunks = events
        .slice(1, -2)
        .map(({ data }) => JSON.parse(data) as { data: { step: number; by: number } })
      expect(chunks.map(({ data }) => data.step)).toEqual(Array.from({ length: steps }, (_, step) => step))
      return chunks.map(({ data }) => data.by)
    }

    it('goes on where a killed one was, under the same ids, each step written once', async () => {
      const [a, b] = [await node(), await node()]
      await start(a, { steps: 8, stepMs: 150 })
      const answer = read(b)
      await stepsBegin(4)
      a.kill()
      const by = await expectWhole(answer, 8)
      expect(new Set(by)).toEqual(new Set([a.pid, b.pid]))
      // Only the step in which it died was begun twice; once more where a busy machine let a lease run out.
      const begun = (await effects()).map(([, step]) => step)
      expect(begun.length).toBeLessThanOrEqual(10)
      expect(new Set(begun).size).toBe(8)
    })

    it('is gone on with by one of many', async () => {
      const [a, ...others] = await Promise.all([node(), node(), node(), node()])
      await start(a, { steps: 6, stepMs: 150 })
      const answer = read(others[0] as TakeoverNode)
      await stepsBegin(3)
      a.kill()
      const by = await expectWhole(answer, 6)
      expect(new Set(by).size).toBe(2)
      const whoBegan = new Set((await effects()).map(([pid]) => pid))
      expect(whoBegan.size).toBe(2)
    })

    it('writes nothing more of a run that was taken from it while it stood still', async () => {
      const [a, b] = [await node(), await node()]
      await start(a, { steps: 10, stepMs: 150 })
      const answer = read(b)
      await stepsBegin(3)
      a.kill('SIGSTOP')
      await eventually('the other goes on', async () => (await effects()).some(([pid]) => pid === b.pid))
      a.kill('SIGCONT')
      const by = await expectWhole(answer, 10)
      expect(by.slice(by.indexOf(b.pid)).every((pid) => pid === b.pid)).toBe(true)
      await eventually('it has let go', async () => (await read(a)).events.length === 13)
    })

    it('is handed over at once by one that goes down in order', async () => {
      const [a, b] = [await node({ LEASE_MS: '60000' }), await node({ LEASE_MS: '4500' })]
      await start(a, { steps: 8, stepMs: 150 })
      const answer = read(b)
      await stepsBegin(3)
      await a.leave()
      const by = await expectWhole(answer, 8)
      expect(new Set(by)).toEqual(new Set([a.pid, b.pid]))
    })

    it('is stopped by whoever asks after it was taken over', async () => {
      const [a, b] = [await node(), await node()]
      await start(a, { steps: 1_000, stepMs: 50 })
      const answer = read(b)
      await stepsBegin(3)
      a.kill()
      await eventually('the other goes on', async () => (await effects()).some(([pid]) => pid === b.pid))
      await fetch(`${b.url}/${ID}/stop`, { method: 'POST' })
      const { events } = await answer
      expect(events.slice(-2).map(({ data }) => gap(data))).toEqual(['abort', 'end'])
    })

    it('waits for a process that can go on with it where the ones that live cannot', async () => {
      const [a, b] = [await node(), await node({ ABLE: 'no' })]
      await start(a, { steps: 6, stepMs: 150 })
      const answer = read(b)
      await stepsBegin(3)
      a.kill()
      const c = await node()
      const by = await expectWhole(answer, 6)
      expect(new Set(by)).toEqual(new Set([a.pid, c.pid]))
    })
  })
}
