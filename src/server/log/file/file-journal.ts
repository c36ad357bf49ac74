import { ChannelError } from '../../../core/channel-error.js'
import { channelKey, keyOf, type Change, type Journal } from '../memory/journal.js'
import { encodeRecord, type FileRecord } from './records.js'
import type { Segments } from './segments.js'

export interface FileJournalOptions {
  readonly segments: Segments
  /** Where each thing was written whole last: its number of segment by its key. */
  readonly places: Map<string, number>
  readonly segmentBytes: number
  /** What there is of a thing now; undefined: it is gone. */
  readonly nowOf: (key: string) => Change | undefined
  /** Once, until something can be written again. */
  readonly onError: (error: ChannelError) => void
}

/** Changes in files, and what is old taken out of them. */
export interface FileJournal extends Journal {
  record(record: FileRecord): void
  /** Whether something can be written. @throws {ChannelError} SERVER_BUSY, SERVER_ERROR */
  check(): void
  /**
   * Takes away the oldest files, of which what still counts is written anew, until they hold no more than `maxBytes`
   * and none is older than `maxAgeMs`.
   */
  clean(maxBytes: number, maxAgeMs: number): Promise<void>
}

/** Notes where a change makes what was written of its thing before superfluous. */
export function place(places: Map<string, number>, change: Change, segment: number): void {
  if (change.kind === 'removed') places.delete(keyOf(change))
  else if (change.kind !== 'events' && change.kind !== 'generation') places.set(keyOf(change), segment)
}

const MAX_PROBE_BYTES = 64 * 1024

export function createFileJournal(options: FileJournalOptions): FileJournal {
  const { segments, places, segmentBytes, nowOf, onError } = options
  /** What could not be written when it changed, and is written whole as soon as there is room. */
  const behind = new Set<string>()
  let state: 'writing' | 'failing' = 'writing'
  let cleaning: 'well' | 'failing' = 'well'
  /** What could not be written was so long. */
  let missing = 0

  function append(record: FileRecord) {
    const bytes = encodeRecord(record)
    try {
      const youngest = segments.all()[segments.all().length - 1]
      if (youngest && youngest.bytes > segmentBytes) segments.rotate()
      segments.append(bytes)
    } catch (cause) {
      missing = Math.min(MAX_PROBE_BYTES, bytes.length)
      throw fail(cause)
    }
    // Where a long one did not fit a short one proves little.
    if (bytes.length >= missing) state = 'writing'
  }

  function fail(cause: unknown): ChannelError {
    const isFull = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((cause as NodeJS.ErrnoException).code ?? '')
    const error = isFull
      ? new ChannelError('SERVER_BUSY', 'The disk of the event log is full.', { cause })
      : new ChannelError('SERVER_ERROR', 'The event log cannot be written.', { cause })
    if (state === 'writing') onError(error)
    state = 'failing'
    return error
  }

  function write(change: Change) {
    catchUp()
    append(change)
    place(places, change, segments.current)
  }

  function writeNow(key: string) {
    const change = nowOf(key) ?? gone(key)
    if (!change) return void places.delete(key)
    append(change)
    place(places, change, segments.current)
  }

  function catchUp() {
    for (const key of behind) {
      writeNow(key)
      behind.delete(key)
    }
  }

  /** Where there is no room for a new file, old ones may go all the same. */
  function rotate() {
    try {
      segments.rotate()
    } catch (cause) {
      fail(cause)
    }
  }

  async function cleanOldest() {
    const [oldest] = segments.all()
    if (!oldest) return
    if (oldest.number === segments.current) segments.rotate()
    for (const [key, segment] of [...places]) if (segment === oldest.number) writeNow(key)
    // Before its last copy goes.
    await segments.sync()
    await segments.dropOldest()
  }

  return {
    write,
    record: append,
    note(change) {
      try {
        write(change)
      } catch {
        // Reported. What it is about is written whole once that is possible.
        behind.add(keyOf(change))
      }
    },
    check() {
      if (state === 'writing' && behind.size === 0) return
      catchUp()
      append({ kind: 'checked', filler: 'x'.repeat(missing) })
    },
    async clean(maxBytes, maxAgeMs) {
      try {
        const all = () => segments.all()
        const bytes = () => all().reduce((sum, segment) => sum + segment.bytes, 0)
        const isOld = () => Date.now() - (all()[0]?.writtenAt ?? Infinity) > maxAgeMs
        if (segments.begunAt < Date.now() - maxAgeMs) rotate()
        // Each once: what is written anew must not be cleaned again at once.
        for (let left = all().length - 1; left > 0 && (bytes() > maxBytes || isOld()); left--)
          await cleanOldest()
        cleaning = 'well'
      } catch (cause) {
        if (state === 'writing' && cleaning === 'well')
          onError(new ChannelError('SERVER_ERROR', 'The event log cannot be cleaned.', { cause }))
        cleaning = 'failing'
      }
    },
  }
}

const gone = (key: string): Change | undefined =>
  key === channelKey(key.slice(1)) ? { kind: 'removed', channelId: key.slice(1) } : undefined
