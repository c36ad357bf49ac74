import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelError } from '../../../../src/core/channel-error.js'
import type { EventLog } from '../../../../src/server/log/event-log.js'
import { redisLog } from '../../../../src/server/log/redis/redis-log.js'
import { eventually } from '../../../helpers/eventually.js'
import { createRedisLine, type RedisLine } from '../../../helpers/redis-line.js'
import { createRedisServer, type RedisServer } from '../../../helpers/redis-server.js'
import { draft, newChannel } from '../event-log.contract.js'

// docs/failover.md, What Redis refuses: each row of that table, and each operation.

let redis: RedisServer
let admin: ReturnType<typeof createClient>
let line: RedisLine
let prefixes = 0
const logs: EventLog[] = []

const MAY_ALL = ['reset', 'on', '>p', '~*', '&*', '+@all']
const ask = (...command: string[]) => admin.sendCommand(command)
const config = (name: string, value: string) => () => ask('CONFIG', 'SET', name, value)
const user = (...rules: string[]) => ({
  begin: () => ask('ACL', 'SETUSER', 'node', ...rules),
  end: () => ask('ACL', 'SETUSER', 'node', ...MAY_ALL),
})

beforeAll(async () => {
  redis = await createRedisServer('everysec', { 'busy-reply-threshold': '20' })
  admin = createClient({ url: redis.url })
  admin.on('error', () => undefined)
  await admin.connect()
})
afterAll(async () => {
  admin.destroy()
  await redis.close()
})
beforeEach(async () => {
  await ask('ACL', 'SETUSER', 'node', ...MAY_ALL)
  line = await createRedisLine(redis.port)
})
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
  await line.close()
})

type Fate = 'works' | 'waits' | 'is refused' | 'finds it full' | 'works or waits'

interface Refusal {
  begin(prefix: string): Promise<unknown>
  end(prefix: string): Promise<unknown>
  /** What reads, what needs room, and what gives room. */
  readonly reads: Fate
  readonly writes: Fate
  readonly frees: Fate
  readonly told: string | undefined
}

const all = (fate: Fate) => ({ reads: fate, writes: fate, frees: fate })
const onlyReads = (fate: Fate) => ({ reads: 'works', writes: fate, frees: fate }) as const

/** The keys of a kind are of another type, as where another program has taken them. */
const otherType = (key: string) => ({
  async begin(prefix: string) {
    for (const name of await admin.keys(`${prefix}${key}`)) {
      await ask('RENAME', name, `kept:${name}`)
      await ask('SET', name, 'of somebody else')
    }
  },
  async end(prefix: string) {
    for (const name of await admin.keys(`kept:${prefix}*`))
      await ask('RENAME', name, name.slice('kept:'.length))
  },
})

const refusals: Readonly<Record<string, Refusal>> = {
  READONLY: {
    begin: () => ask('REPLICAOF', '127.0.0.1', '1'),
    end: () => ask('REPLICAOF', 'NO', 'ONE'),
    ...{ reads: 'works or waits', writes: 'waits', frees: 'waits' },
    told: 'cannot be written',
  },
  MASTERDOWN: {
    async begin() {
      await config('replica-serve-stale-data', 'no')()
      await ask('REPLICAOF', '127.0.0.1', '1')
    },
    async end() {
      await ask('REPLICAOF', 'NO', 'ONE')
      await config('replica-serve-stale-data', 'yes')()
    },
    ...all('waits'),
    told: 'cannot be written',
  },
  NOREPLICAS: {
    begin: config('min-replicas-to-write', '1'),
    end: config('min-replicas-to-write', '0'),
    ...onlyReads('waits'),
    told: 'cannot be written',
  },
  BUSY: {
    async begin() {
      const other = createClient({ url: redis.url })
      other.on('error', () => undefined)
      await other.connect()
      void other
        .sendCommand(['EVAL', 'while true do end', '0'])
        .catch(() => undefined)
        .finally(() => other.destroy())
      await refusing('BUSY')
    },
    end: () => ask('SCRIPT', 'KILL'),
    ...all('waits'),
    told: 'cannot be written',
  },
  OOM: {
    begin: config('maxmemory', '1mb'),
    end: config('maxmemory', '0'),
    ...{ reads: 'works', writes: 'finds it full', frees: 'works' },
    told: 'is full',
  },
  'NOPERM for scripts': { ...user('-evalsha', '-eval'), ...all('is refused'), told: 'refused a command' },
  'NOPERM for keys': { ...user('resetkeys', '~other:*'), ...all('is refused'), told: 'refused a command' },
  'a user who was deleted': {
    begin: () => ask('ACL', 'DELUSER', 'node'),
    end: () => ask('ACL', 'SETUSER', 'node', ...MAY_ALL),
    ...all('waits'),
    told: 'no answer',
  },
  'too many clients': {
    async begin() {
      await config('maxclients', '1')()
      line.cut()
    },
    end: config('maxclients', '1000'),
    ...all('waits'),
    told: 'no answer',
  },
  'CLIENT PAUSE': {
    begin: () => ask('CLIENT', 'PAUSE', '60000', 'WRITE'),
    end: () => ask('CLIENT', 'UNPAUSE'),
    ...{ reads: 'works or waits', writes: 'waits', frees: 'waits' },
    told: 'no answer',
  },
  'a line that is dead without a word': {
    async begin() {
      line.swallow('all')
      line.accept('mute')
    },
    end: async () => line.accept('all'),
    ...all('waits'),
    told: 'no answer',
  },
  'a line over which no answers come': {
    async begin() {
      line.swallow('answers')
      line.accept('mute')
    },
    end: async () => line.accept('all'),
    ...all('waits'),
    told: 'no answer',
  },
  'scripts that were forgotten': {
    begin: () => ask('SCRIPT', 'FLUSH'),
    end: async () => undefined,
    ...all('works'),
    told: undefined,
  },
  WRONGTYPE: { ...otherType('fence'), ...all('is refused'), told: 'refused a command' },
}

/** Waits until the server refuses so. */
async function refusing(word: string) {
  for (;;) {
    const said = await ask('GET', 'none').catch((error: Error) => error.message)
    if (String(said).startsWith(word)) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const aRun = { ifLost: [draft('lost')], ifFinished: [draft('stopped')] }
const CHANNELS = ['append', 'end', 'finish', 'remove', 'read', 'follow', 'info']

async function open(offlineMs: number) {
  const errors: ChannelError[] = []
  const prefix = `refusals${++prefixes}:`
  const log = redisLog({
    connection: line.url.replace('redis://', 'redis://node:p@'),
    onError: (error) => void errors.push(error),
    ...{ prefix, offlineMs, leaseMs: 60_000 },
  })
  logs.push(log)
  // However short its patience: the first connection may take longer.
  await works(log)
  errors.length = 0
  for (const id of CHANNELS) {
    await log.create(newChannel(id, aRun))
    await log.append(id, [draft('0')])
  }
  return { log, errors, prefix }
}

const PAGE = { maxEvents: 100, maxBytes: 100_000 }

const operations = (log: EventLog) => ({
  reads: {
    read: () => log.read('read', undefined, PAGE),
    follow: () => log.follow('follow', { batch: () => undefined, gone: () => undefined }),
    info: () => log.info('info'),
    list: () => log.list('active'),
    countActive: () => log.countActive(),
    pointed: () => log.pointed('name'),
  },
  writes: {
    create: () => log.create(newChannel('new', aRun)),
    append: () => log.append('append', [draft('1')]),
    point: () => log.point('name', 'info'),
    ready: () => log.ready?.(),
  },
  frees: {
    end: () => log.append('end', [draft('bye')], 'done'),
    finish: () => log.finish('finish'),
    remove: () => log.remove('remove'),
  },
})

/** All at once; what became of each. */
async function tryAll(log: EventLog) {
  const kinds = Object.entries(operations(log)) as [
    'reads' | 'writes' | 'frees',
    Record<string, () => unknown>,
  ][]
  const tries = kinds.flatMap(([kind, some]) =>
    Object.entries(some).map(async ([name, operation]) => {
      const error = await Promise.resolve(operation()).then(
        () => undefined,
        (thrown: ChannelError) => thrown,
      )
      return { kind, name, error }
    }),
  )
  return Promise.all(tries)
}

const codes: Readonly<Record<Fate, readonly (string | undefined)[]>> = {
  works: [undefined],
  waits: ['SERVER_ERROR'],
  'is refused': ['SERVER_ERROR'],
  'finds it full': ['SERVER_BUSY'],
  'works or waits': [undefined, 'SERVER_ERROR'],
}

const dataOf = async (log: EventLog, channelId: string) => {
  const page = await log.read(channelId, undefined, PAGE)
  return page.kind === 'events' ? page.batch.events.map(({ data }) => data) : page.kind
}

describe.each(Object.entries(refusals))('redisLog, and Redis says %s', (_name, refusal) => {
  it('fails as it is written, tells it once, and works again by itself', async () => {
    const { log, errors, prefix } = await open(1_000)
    await refusal.begin(prefix)
    try {
      for (const { kind, name, error } of await tryAll(log))
        expect(codes[refusal[kind]], `${name}: ${String(error)}, ${String(error?.cause)}`).toContain(
          error?.code,
        )
    } finally {
      await refusal.end(prefix)
    }
    expect(errors.map(({ message }) => message)).toEqual(
      refusal.told === undefined ? [] : [expect.stringContaining(refusal.told)],
    )
    await works(log)
  })

  it('loses and doubles nothing of what waited', async () => {
    const { log, prefix } = await open(60_000)
    await refusal.begin(prefix)
    const tried = tryAll(log)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await refusal.end(prefix)
    const failed = new Set((await tried).filter(({ error }) => error).map(({ name }) => name))
    await works(log)
    for (const { kind, name } of await tried)
      if (/^waits|^works$/.test(refusal[kind])) expect([...failed]).not.toContain(name)
    // A run whose append was refused ends as lost.
    expect(await dataOf(log, 'append')).toEqual(
      failed.has('append') ? expect.not.arrayContaining(['1']) : ['0', '1'],
    )
    if (!failed.has('end')) expect(await dataOf(log, 'end')).toEqual(['0', 'bye'])
    if (!failed.has('finish')) expect(await dataOf(log, 'finish')).toEqual(['0', 'stopped'])
    if (!failed.has('remove')) expect(await log.info('remove')).toBeUndefined()
    if (!failed.has('create')) expect(await log.info('new')).toMatchObject({ status: 'active' })
  })
})

/** Not at once: a connection may have to be made anew. */
async function works(log: EventLog) {
  const until = Date.now() + 30_000
  for (let n = 0; ; n++) {
    try {
      await log.ready?.()
      await log.create(newChannel(`again${n}`, aRun))
      await log.append(`again${n}`, [draft('x')], 'done')
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

it('a user who may not publish is told so before anything is written', async () => {
  await ask('ACL', 'SETUSER', 'node', 'resetchannels')
  const errors: ChannelError[] = []
  const prefix = `refusals${++prefixes}:`
  const connection = line.url.replace('redis://', 'redis://node:p@')
  const log = redisLog({ connection, prefix, offlineMs: 400, onError: (error) => void errors.push(error) })
  logs.push(log)
  await expect(log.create(newChannel('a', aRun))).rejects.toMatchObject({ code: 'SERVER_ERROR' })
  await expect(log.ready?.()).rejects.toMatchObject({ code: 'SERVER_ERROR' })
  expect(await admin.keys(`${prefix}*`)).toEqual([])
  expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('refused a command'))
  await ask('ACL', 'SETUSER', 'node', ...MAY_ALL)
  await works(log)
})

it('who waits to hear of a channel leaves a line that is dead without a word', async () => {
  const prefix = `refusals${++prefixes}:`
  const connection = line.url.replace('redis://', 'redis://node:p@')
  // By its beats it would find that after minutes.
  const log = redisLog({ connection, prefix, offlineMs: 25_000, leaseMs: 600_000 })
  logs.push(log)
  await log.create(newChannel('a', aRun))
  line.swallow('all')
  const heard: string[] = []
  await log.follow('a', {
    batch: ({ events }) => void heard.push(...events.map(({ data }) => data)),
    gone: () => undefined,
  })
  await log.append('a', [draft('x')])
  await eventually('it hears', () => heard.length === 1)
})
