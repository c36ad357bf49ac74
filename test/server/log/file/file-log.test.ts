import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import { parseCursor } from '../../../../src/core/cursor.js'
import type { EventLog, Orphan } from '../../../../src/server/log/event-log.js'
import { fileLog, type FileLogOptions } from '../../../../src/server/log/file/file-log.js'
import { eventually } from '../../../helpers/eventually.js'
import { draft, eventLogContract, newChannel } from '../event-log.contract.js'

let root: string
let directories = 0
const logs: EventLog[] = []
let errors: ChannelError[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'file-log-'))
  errors = []
})
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
  await rm(root, { recursive: true, force: true })
})

function open(options: Partial<FileLogOptions> = {}): EventLog {
  const log = fileLog({ directory: join(root, 'log'), onError: (error) => errors.push(error), ...options })
  logs.push(log)
  return log
}

for (const fsync of ['always', 'everysec', 'never'] as const)
  eventLogContract({
    name: `fileLog, fsync ${fsync}`,
    create: async (bounds) => open({ directory: join(root, String(++directories)), fsync, ...bounds }),
  })

const all = { maxEvents: 10_000, maxBytes: 100_000_000 }

async function dataIn(log: EventLog, channelId: string, after?: string) {
  const page = await log.read(channelId, after ? parseCursor(after) : undefined, all)
  return page.kind === 'events' ? page.batch.events.map(({ data }) => data) : page.kind
}

const files = async () => {
  const names = (await readdir(join(root, 'log'))).filter((name) => name.endsWith('.log')).sort()
  return names.map((name) => join(root, 'log', name))
}

/** As the next process finds it. */
async function reopen(log: EventLog, options: Partial<FileLogOptions> = {}) {
  await log.close()
  return open(options)
}

describe('fileLog opened again', () => {
  it('has what was written: ends, metadata, names, tombstones, and ids that go on', async () => {
    let log = open()
    await log.create(newChannel('done', { metadata: { userId: 'u1' } }))
    const ids = await log.append('done', [draft('0'), draft('多 \ud800 👩‍👩‍👧')])
    await log.append('done', [draft('end')], 'done')
    await log.create(newChannel('room', { kind: 'feed', timeoutMs: 600_000 }))
    const [first = ''] = await log.append('room', [draft('a')])
    await log.create(newChannel('brief', { timeoutMs: 1 }))
    await eventually('it expires', async () => (await log.info('brief'))?.status === 'expired')
    await log.point('n', 'done')
    await log.create(newChannel('removed'))
    await log.remove('removed')

    log = await reopen(log)
    expect(await log.info('done')).toMatchObject({ status: 'done', metadata: { userId: 'u1' }, events: 3 })
    expect(await dataIn(log, 'done', ids[0])).toEqual(['多 \ud800 👩‍👩‍👧', 'end'])
    expect(await log.pointed('n')).toBe('done')
    expect(await log.info('removed')).toBeUndefined()
    await expect(log.create(newChannel('brief'))).rejects.toMatchObject({ code: 'HISTORY_EXPIRED' })
    const [second = ''] = await log.append('room', [draft('b')])
    expect(await dataIn(log, 'room', first)).toEqual(['b'])
    expect(parseCursor(second)).toMatchObject({ seq: 1 })
    expect((await log.info('room'))?.earliest).toBe(first)
    expect(await log.countActive()).toBe(1)
    expect(errors).toEqual([])
  })

  it('ends a run whose process died as its creation said, whatever else goes on', async () => {
    let log = open()
    await log.create(newChannel('run', { ifLost: [draft('lost')] }))
    await log.append('run', [draft('0')])
    log = await reopen(log)
    expect(await log.info('run')).toMatchObject({ status: 'error' })
    expect(await dataIn(log, 'run')).toEqual(['0', 'lost'])
  })

  it('gives a run to who can go on with it, so often as it gets on, and else ends it', async () => {
    let log = open({ takeoverMs: 60_000 })
    const resume = { name: 'steps', input: '1' }
    await log.create(newChannel('run', { ifLost: [draft('lost')], resume }))
    await log.append('run', [draft('0')])
    const taken: Orphan[] = []
    const adopter = {
      names: ['steps'],
      take: (orphan: Orphan) => void taken.push(orphan),
      taken: () => undefined,
    }
    for (let restarts = 1; restarts <= 5; restarts++) {
      log = await reopen(log)
      log.adopt?.(adopter)
      await eventually('it is taken', () => taken.length === restarts)
    }
    expect(taken[0]).toMatchObject({ channel: { channelId: 'run', events: 1 }, resume })
    await log.append('run', [draft('1')])
    log = await reopen(log)
    log.adopt?.(adopter)
    await eventually('it is taken again: it had got on', () => taken.length === 6)
    for (let restarts = 0; restarts < 5; restarts++) {
      log = await reopen(log)
      log.adopt?.(adopter)
      await eventually('it is looked at', async () => taken.length === 7 + restarts || restarts === 4)
    }
    await eventually('it has ended', async () => (await log.info('run'))?.status === 'error')
    expect(await dataIn(log, 'run')).toEqual(['0', '1', 'lost'])
  })

  it('ends a run that nobody goes on with', async () => {
    let log = open()
    const resume = { name: 'steps', input: '' }
    await log.create(newChannel('run', { ifLost: [draft('lost')], resume }))
    log = await reopen(log, { takeoverMs: 20 })
    await eventually('it has ended', async () => (await log.info('run'))?.status === 'error')
  })

  it('leaves out a last record that is torn, at whatever byte', async () => {
    let log = open()
    await log.create(newChannel('room', { kind: 'feed' }))
    const ids = await log.append('room', [draft('whole')])
    await log.close()
    const [path = ''] = await files()
    const before = (await stat(path)).size
    log = open()
    await log.append('room', [draft('torn')])
    await log.close()
    const bytes = await readFile(path)
    for (let size = before + 1; size < bytes.length; size += 7) {
      await writeFile(path, bytes.subarray(0, size))
      log = open()
      await log.append('room', [draft('next')])
      const said = await dataIn(log, 'room', ids[0])
      expect([['next'], ['torn', 'next']]).toContainEqual(said)
      await log.close()
    }
    expect(errors).toEqual([])
  })

  it('leaves out the zeros that a machine leaves where it had not written yet', async () => {
    const log = open()
    await log.create(newChannel('a'))
    await log.append('a', [draft('0')])
    await log.close()
    const [file = ''] = await files()
    for (const zeros of [1, 8, 9, 4096]) {
      await appendFile(file, Buffer.alloc(zeros))
      const again = open()
      expect(await dataIn(again, 'a')).toEqual(['0'])
      await again.close()
    }
    expect(errors).toEqual([])
  })

  it('gives no id again that a machine may have lost, and says so to whoever has seen it', async () => {
    let log = open()
    await log.create(newChannel('room', { kind: 'feed' }))
    await log.append('room', [draft('0')])
    await log.close()
    const [path = ''] = await files()
    const synced = (await stat(path)).size
    log = open()
    const [lost = ''] = await log.append('room', [draft('lost')])
    await log.close()
    await truncate(path, synced)
    log = open()
    const [other = ''] = await log.append('room', [draft('other')])
    expect(parseCursor(other)?.seq).toBe(parseCursor(lost)?.seq)
    expect(other).not.toBe(lost)
    expect(await dataIn(log, 'room', lost)).toBe('gap')
  })

  it('says for how long it has lost no channel, over restarts of its process', async () => {
    let log = open()
    await log.create(newChannel('a'))
    await eventually('some time passes', () => (log.keptMs?.() ?? 0) > 100)
    log = await reopen(log)
    await log.info('a')
    expect(log.keptMs?.()).toBeGreaterThan(100)
  })

  it('refuses what is damaged elsewhere than at its end', async () => {
    let log = open({ segmentBytes: 200 })
    await log.create(newChannel('a'))
    for (let i = 0; i < 9; i++) await log.append('a', [draft('x'.repeat(100))])
    await log.close()
    const [first = ''] = await files()
    const bytes = await readFile(first)
    bytes[60] = (bytes[60] ?? 0) ^ 1
    await writeFile(first, bytes)
    log = open()
    await expect(log.info('a')).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    await expect(log.ready?.()).rejects.toMatchObject({ code: 'SERVER_ERROR' })
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(first)])
  })

  it('takes old files away, keeps what still counts, and holds to its bounds over restarts', async () => {
    const bounds = { segmentBytes: 2_000, maxTotalBytes: 4_000, tombstoneMs: 0 }
    let log = open(bounds)
    await log.create(newChannel('old', { kind: 'feed' }))
    const [id = ''] = await log.append('old', [draft('kept')])
    await log.point('n', 'old')
    for (let i = 0; i < 100; i++) {
      await log.create(newChannel(`run${i}`, { tombstone: 'replace' }))
      await log.append(`run${i}`, [draft('x'.repeat(900))], 'done')
      if (i % 25 === 24) log = await reopen(log, bounds)
    }
    const size = async () => {
      const sizes = await Promise.all(
        (await files()).map(async (path) => (await stat(path).catch(() => ({ size: 0 }))).size),
      )
      return sizes.reduce((sum, bytes) => sum + bytes, 0)
    }
    // Cleaned every ten seconds.
    await eventually('old files are gone', async () => (await size()) < 30_000, 60_000)
    log = await reopen(log, bounds)
    expect(await dataIn(log, 'old')).toEqual(['kept'])
    expect((await log.info('old'))?.earliest).toBe(id)
    expect(await log.pointed('n')).toBe('old')
    expect(await log.info('run99')).toMatchObject({ status: 'done' })
  })

  it('refuses what does not fit on the disk, and loses nothing of what it took', async () => {
    const script = fileURLToPath(new URL('fill-disk.ts', import.meta.url))
    // A file may grow to 64 KiB; the system says so by an error, as it does of a full disk.
    const command = `trap '' XFSZ; ulimit -f 64; exec node --import tsx '${script}' '${join(root, 'log')}'`
    const { stdout } = await promisify(execFile)('bash', ['-c', command])
    const said = JSON.parse(stdout) as { taken: number; refusals: string[]; ready: string; ended: string }
    expect(said).toMatchObject({
      refusals: ['SERVER_BUSY', 'SERVER_BUSY'],
      ready: 'SERVER_BUSY',
      ended: 'done',
      errors: 1,
    })
    const log = open()
    expect(await dataIn(log, 'room')).toHaveLength(said.taken)
    expect(await log.info('new')).toBeUndefined()
    expect(errors).toEqual([])
  })

  it.skipIf(process.platform !== 'linux')(
    'stays whole where there is no room for a file more, and goes on when there is',
    async () => {
      const script = fileURLToPath(new URL('fill-before-rotation.ts', import.meta.url))
      const command = `trap '' XFSZ; exec node --import tsx '${script}' '${join(root, 'log')}'`
      const { stdout } = await promisify(execFile)('bash', ['-c', command])
      expect(JSON.parse(stdout)).toEqual({ refused: 'SERVER_BUSY', stillKept: 2, errors: 1 })
      const log = open()
      expect(await dataIn(log, 'room')).toEqual(['x'.repeat(2_000), 'after'])
      expect(errors).toEqual([])
    },
  )

  it.skipIf(process.platform !== 'linux')(
    'takes away old files though there is no room for a new one',
    async () => {
      const script = fileURLToPath(new URL('fill-before-cleaning.ts', import.meta.url))
      const command = `trap '' XFSZ; exec node --import tsx '${script}' '${join(root, 'log')}'`
      const { stdout } = await promisify(execFile)('bash', ['-c', command])
      expect(JSON.parse(stdout)).toEqual({ before: 5, after: 1, errors: ['SERVER_BUSY'] })
    },
  )

  it('is of one process at a time', async () => {
    const log = open()
    await log.create(newChannel('a'))
    const other = open()
    await expect(other.info('a')).rejects.toMatchObject({ code: 'SERVER_BUSY' })
  })
})
