import type { Adopter } from '../event-log.js'
import type { MemoryChannel } from '../memory/memory-channel.js'
import type { FileRecord } from './records.js'

/** What it needs of the log that it is part of. */
export interface OrphanageLog {
  readonly infoOf: (channelId: string) => MemoryChannel | undefined
  readonly note: (record: FileRecord) => void
  /** Ends a run as lost. */
  readonly lose: (channelId: string) => void
}

/** Runs that nobody fills, and that a hub of this process may go on with. */
export interface Orphanage {
  /** While the log is read: how often a run was gone on with. */
  remember(taken: Extract<FileRecord, { kind: 'taken' }>): void
  add(channelId: string): void
  /** The log is read: now they are given to whoever can go on with them. */
  open(log: OrphanageLog): void
  adopt(adopter: Adopter): () => void
  /** Given up by the hub that filled it. */
  give(channelId: string): void
  close(): void
}

/** A run that is taken over so often without an event ends as lost: it may be what kills the process. */
const MAX_TRIES = 5

export function createOrphanage(takeoverMs: number): Orphanage {
  const orphans = new Map<string, NodeJS.Timeout>()
  const adopters = new Set<Adopter>()
  const tries = new Map<string, { readonly tries: number; readonly reached: number }>()
  let log: OrphanageLog | undefined
  let state: 'open' | 'closed' = 'open'
  const isOpen = () => state === 'open'

  function add(channelId: string) {
    clearTimeout(orphans.get(channelId))
    const timer = setTimeout(() => {
      if (orphans.delete(channelId)) log?.lose(channelId)
    }, takeoverMs)
    orphans.set(channelId, timer.unref())
  }

  function offer() {
    // Nobody is called while it calls.
    setImmediate(() => {
      for (const channelId of [...orphans.keys()]) if (isOpen() && log) give(channelId, log)
    })
  }

  function give(channelId: string, from: OrphanageLog) {
    const channel = from.infoOf(channelId)
    const resume = channel?.spec.resume
    if (!channel || channel.outcome || !resume) return forget(channelId)
    const adopter = [...adopters].find(({ names }) => names.includes(resume.name))
    if (!adopter) return
    forget(channelId)
    const before = tries.get(channelId)
    const count = before?.reached === channel.tail ? before.tries : 0
    if (count >= MAX_TRIES) return from.lose(channelId)
    const taken = { kind: 'taken', channelId, tries: count + 1, reached: channel.tail } as const
    tries.set(channelId, taken)
    try {
      from.note(taken)
    } catch {
      // Reported; what cannot be written now cannot be gone on with either.
      return add(channelId)
    }
    adopter.take({ channel: channel.info(), resume })
  }

  function forget(channelId: string) {
    clearTimeout(orphans.get(channelId))
    orphans.delete(channelId)
  }

  return {
    remember: (taken) => void tries.set(taken.channelId, taken),
    add,
    open(opened) {
      log = opened
      for (const channelId of tries.keys()) if (!orphans.has(channelId)) tries.delete(channelId)
      offer()
    },
    adopt(adopter) {
      adopters.add(adopter)
      offer()
      return () => void adopters.delete(adopter)
    },
    give(channelId) {
      if (!isOpen()) return
      add(channelId)
      offer()
    },
    close() {
      state = 'closed'
      for (const channelId of [...orphans.keys()]) forget(channelId)
    },
  }
}
