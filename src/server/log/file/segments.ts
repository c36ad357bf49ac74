import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ChannelError } from '../../../core/channel-error.js'
import { decodeRecords, type FileRecord } from './records.js'

/** The files of a log, each a part of it, to the youngest of which is written. */
export interface Segments {
  /** The number of the youngest. */
  readonly current: number
  /** Its first write, in milliseconds since 1970. */
  readonly begunAt: number
  /** Whole, or not at all. @throws what the file system throws */
  append(bytes: Buffer): void
  /** Resolves when all that was appended before is on the disk. */
  sync(): Promise<void>
  /** Goes on in a new file, or stays in this one. @throws what the file system throws */
  rotate(): void
  all(): readonly Segment[]
  /** Removes the oldest. */
  dropOldest(): Promise<void>
  close(): void
}

export interface Segment {
  readonly number: number
  readonly bytes: number
  /** When it was written last, in milliseconds since 1970. */
  readonly writtenAt: number
}

const HEADER = Buffer.from('uni-sse-log 1\n')
const NAME = /^(\d{8})\.log$/
const datasync = promisify(fdatasync)

/**
 * Reads all there is, then writes on behind it.
 * @throws {ChannelError} SERVER_ERROR: a file is damaged elsewhere than at its end, or is none of ours
 */
export async function openSegments(
  directory: string,
  each: (record: FileRecord, segment: number) => void,
): Promise<Segments> {
  const numbers = (await readdir(directory))
    .map((name) => NAME.exec(name)?.[1])
    .filter((name) => name !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
  const pathOf = (number: number) => join(directory, `${String(number).padStart(8, '0')}.log`)
  const segments: { number: number; bytes: number; writtenAt: number }[] = []
  for (const number of numbers) {
    const path = pathOf(number)
    const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)])
    const isYoungest = number === numbers[numbers.length - 1]
    // A process may die before its header is written.
    const isTorn = isYoungest && bytes.length < HEADER.length
    if (!isTorn && !bytes.subarray(0, HEADER.length).equals(HEADER)) throw damaged(path, 0)
    const end = isTorn ? 0 : decodeRecords(bytes, HEADER.length, (record) => each(record, number))
    // Of the youngest the last record may be torn: it was acknowledged to nobody.
    if (end < bytes.length && !isYoungest) throw damaged(path, end)
    segments.push({ number, bytes: end, writtenAt: mtimeMs })
  }

  let fd = -1
  let begunAt = Date.now()
  const youngest = () => segments[segments.length - 1] as { number: number; bytes: number; writtenAt: number }

  function begin(opened: number) {
    if (fd >= 0) closeSync(fd)
    fd = opened
    begunAt = Date.now()
  }

  function write(bytes: Buffer) {
    const segment = youngest()
    try {
      writeAll(fd, bytes)
      segment.bytes += bytes.length
      segment.writtenAt = Date.now()
    } catch (error) {
      // What is behind half a record would not be read.
      ftruncateSync(fd, segment.bytes)
      throw error
    }
  }

  /** Its header is in it before anything else can be: a file without one would be taken for damaged. */
  function next(number: number) {
    const path = pathOf(number)
    const opened = openSync(path, 'a')
    try {
      ftruncateSync(opened, 0)
      writeAll(opened, HEADER)
      if (fd >= 0) fsyncSync(fd)
    } catch (error) {
      closeSync(opened)
      unlinkSync(path)
      throw error
    }
    begin(opened)
    syncDirectory(directory)
    segments.push({ number, bytes: HEADER.length, writtenAt: Date.now() })
  }

  if (segments.length === 0) next(1)
  else {
    begin(openSync(pathOf(youngest().number), 'a'))
    ftruncateSync(fd, youngest().bytes)
    if (youngest().bytes === 0) write(HEADER)
  }

  return {
    get current() {
      return youngest().number
    },
    get begunAt() {
      return begunAt
    },
    append: write,
    async sync() {
      const synced = fd
      await datasync(synced).catch((error: NodeJS.ErrnoException) => {
        // It was rotated, and so synced, meanwhile.
        if (synced === fd || error.code !== 'EBADF') throw error
      })
    },
    rotate: () => next(youngest().number + 1),
    all: () => segments,
    async dropOldest() {
      const [oldest] = segments.splice(0, 1)
      if (oldest) await unlink(pathOf(oldest.number))
    },
    close() {
      if (fd >= 0) closeSync(fd)
      fd = -1
    },
  }
}

function writeAll(fd: number, bytes: Buffer) {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
}

/** So that a new file is there after a crash of the machine. Not every system can do that. */
function syncDirectory(directory: string) {
  try {
    const fd = openSync(directory, 'r')
    fsyncSync(fd)
    closeSync(fd)
  } catch {
    // Windows.
  }
}

const damaged = (path: string, at: number) =>
  new ChannelError(
    'SERVER_ERROR',
    `${path} is damaged at byte ${at}. Move the files of this log away to begin with an empty one.`,
  )
