import { mkdir, readFile } from 'node:fs/promises'
import { toChannelError, type ChannelError } from '../../../core/channel-error.js'
import type { EventLog } from '../event-log.js'
import { createMemoryStore, type MemoryStore } from '../memory/memory-store.js'
import { memorySettings, type MemoryLogOptions } from '../memory/memory-log.js'
import { lockDirectory } from './directory-lock.js'
import { createFileJournal, place, type FileJournal } from './file-journal.js'
import { createOrphanage } from './orphanage.js'
import type { FileRecord } from './records.js'
import { openSegments } from './segments.js'
import { createSyncing } from './syncing.js'

/** Where the files are, how safely they are written, and what `memoryLog()` takes. */
export interface FileLogOptions extends Omit<MemoryLogOptions, 'clock'> {
  /** Where its files are; made where there is none. One process at a time. */
  readonly directory: string
  /**
   * When what is written is brought from the system to the disk. A process that dies loses nothing either way; a machine
   * that does, what was not.
   * - `always`: before an append is acknowledged.
   * - `everysec`: once a second. The default.
   * - `never`: when the system likes.
   */
  readonly fsync?: 'always' | 'everysec' | 'never'
  /** A file of its grows to so many bytes. Default 16 MiB. */
  readonly segmentBytes?: number
  /**
   * How long a run whose process died waits for a hub that can go on with it (`createHub({ resumable })`), in
   * milliseconds, before it ends as lost. Default 60,000.
   */
  readonly takeoverMs?: number
  /** Hears once of every time that it cannot be opened, written or cleaned. Default: a process warning. Must not throw. */
  readonly onError?: (error: ChannelError) => void
}

/** How long it waits for the process before to go, in milliseconds. */
const LOCK_MS = 10_000
/** Files may be larger than what is kept in memory by this factor before old ones are cleaned. */
const SLACK = 3
/** What a channel, a tombstone or a name takes beside its events, in bytes. */
const THING_BYTES = 500

/**
 * `memoryLog` that survives its process: what is written is in append-only files, too, and is there again when the next
 * process opens them. For one process at a time.
 *
 * Runs that were going on are gone on with, or end as PRODUCER_LOST. Files hold no more than about three times
 * `maxTotalBytes`, and nothing that is twice as old as `maxAgeMs` allows.
 * @see docs/server.md#files
 */
export function fileLog(options: FileLogOptions): EventLog {
  const { directory, fsync = 'everysec', segmentBytes = 16 * 1024 * 1024 } = options
  const { takeoverMs = 60_000, onError = warn } = options
  const settings = memorySettings(options)
  const orphanage = createOrphanage(takeoverMs)
  const opened = open()
  let kept: MemoryStore | undefined
  let cleaning: Promise<void> | undefined
  let clean: () => void = () => undefined
  let closed: Promise<void> | undefined
  opened.catch((error: unknown) => onError(toChannelError(error, 'SERVER_ERROR')))

  async function open() {
    await mkdir(directory, { recursive: true })
    const unlock = await lockDirectory(directory, LOCK_MS)
    try {
      return { unlock, ...(await read()) }
    } catch (error) {
      await unlock()
      throw error
    }
  }

  async function read() {
    const places = new Map<string, number>()
    const last: { opened?: Extract<FileRecord, { kind: 'opened' }>; kind?: FileRecord['kind'] } = {}
    const written: { journal?: FileJournal } = {}
    const store: MemoryStore = createMemoryStore({
      ...settings,
      journal: {
        write: (change) => written.journal?.write(change),
        note: (change) => written.journal?.note(change),
      },
      onSweep: () => clean(),
    })
    const segments = await openSegments(directory, (record, segment) => {
      last.kind = record.kind
      if (record.kind === 'opened') last.opened = record
      else if (record.kind === 'taken') orphanage.remember(record)
      else if (record.kind !== 'closed' && record.kind !== 'checked') {
        store.replay(record)
        place(places, record, segment)
      }
    })
    const journal = createFileJournal({ segments, places, segmentBytes, nowOf: store.now, onError })
    written.journal = journal
    clean = () => {
      const { bytes, things } = store.size()
      const maxFileBytes = SLACK * (bytes + things * THING_BYTES) + 2 * segmentBytes
      cleaning ??= journal.clean(maxFileBytes, settings.maxAgeMs).finally(() => (cleaning = undefined))
    }

    const boot = await bootId()
    const isWhole =
      last.kind === 'closed' || fsync === 'always' || (boot !== '' && boot === last.opened?.boot)
    if (last.opened && isWhole) store.completeSince = last.opened.since
    try {
      journal.record({ kind: 'opened', since: store.completeSince, boot })
    } catch {
      // Reported: what there is can still be read.
    }
    begin(store, journal)
    kept = store
    const syncing = createSyncing(segments, fsync, onError)
    return { store, journal, segments, syncing }
  }

  /** What goes on from the process before. */
  function begin(store: MemoryStore, journal: FileJournal) {
    // Later ones sort behind earlier ones.
    const name = Date.now().toString(36)
    for (const channel of store.channels()) {
      if (channel.outcome) continue
      const { channelId, ifLost, resume } = channel.spec
      // Of what a machine had not brought to its disk no id is given again.
      channel.begin(name)
      journal.note({ kind: 'generation', channelId, name })
      if (resume) orphanage.add(channelId)
      else if (ifLost) void store.append(channelId, ifLost, 'error')
    }
    orphanage.open({
      infoOf: (channelId) => store.channel(channelId),
      note: (record) => journal.record(record),
      lose: (channelId) => void store.append(channelId, store.channel(channelId)?.spec.ifLost ?? [], 'error'),
    })
  }

  const whenSynced = async <T>(change: (store: MemoryStore) => Promise<T>): Promise<T> => {
    const { store, syncing } = await opened
    const done = await change(store)
    await syncing.whenSynced()
    return done
  }

  async function close() {
    orphanage.close()
    const parts = await opened.catch(() => undefined)
    if (!parts) return
    const { store, segments, syncing, journal, unlock } = parts
    clean = () => undefined
    await cleaning
    await syncing.close()
    try {
      journal.record({ kind: 'closed' })
      await segments.sync()
    } catch {
      // Reported; the next process finds out what there is.
    }
    segments.close()
    await store.close()
    await unlock()
  }

  return {
    create: (spec) => whenSynced((store) => store.create(spec)),
    append: (channelId, events, outcome) => whenSynced((store) => store.append(channelId, events, outcome)),
    finish: (channelId) => whenSynced((store) => store.finish(channelId)),
    remove: (channelId, epoch) => whenSynced((store) => store.remove(channelId, epoch)),
    point: (name, channelId) => whenSynced((store) => store.point(name, channelId)),
    read: async (channelId, after, limit) => (await opened).store.read(channelId, after, limit),
    follow: async (channelId, follower) => (await opened).store.follow(channelId, follower),
    info: async (channelId) => (await opened).store.info(channelId),
    list: async (status) => (await opened).store.list(status),
    countActive: async () => (await opened).store.countActive(),
    pointed: async (name) => (await opened).store.pointed(name),
    onEnd(channelId, listener) {
      let undo: (() => void) | undefined
      let waiting: 'yes' | 'no' = 'yes'
      opened.then(
        ({ store }) => {
          if (waiting === 'yes') undo = store.onEnd(channelId, listener)
        },
        () => waiting === 'yes' && listener(undefined),
      )
      return () => {
        waiting = 'no'
        undo?.()
      }
    },
    adopt: orphanage.adopt,
    async release(channelId) {
      const { store } = await opened
      const channel = store.channel(channelId)
      if (channel && !channel.outcome) orphanage.give(channelId)
    },
    keptMs: () => kept?.keptMs() ?? 0,
    async ready() {
      const { journal } = await opened
      journal.check()
    },
    close: () => (closed = closed ?? close()),
  }
}

/** Another after each start of the machine; '' where the system does not tell. */
async function bootId(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  )
}

function warn(error: ChannelError) {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  process.emitWarning(`${error.code}: ${error.message}${cause}`, 'ChannelError')
}
