import { createHash } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChannelError } from '../../../core/channel-error.js'

/** A path of a socket may be so long. */
const MAX_PATH = 100
const RETRY_MS = 100

/**
 * Holds a directory for this process: two that write to one log would destroy it. It is a socket, which the system
 * closes whichever way a process dies.
 * @param waitMs how long to wait for the process before, which may be on its way out
 * @returns its undo
 * @throws {ChannelError} SERVER_BUSY: another process holds it
 */
export async function lockDirectory(directory: string, waitMs: number): Promise<() => Promise<void>> {
  const path = socketOf(resolve(directory))
  const until = Date.now() + waitMs
  for (;;) {
    const server = await listen(path)
    if (server) return () => new Promise((done) => server.close(() => done()))
    if (!(await isAnswered(path))) await unlink(path).catch(() => undefined)
    else if (Date.now() > until)
      throw new ChannelError('SERVER_BUSY', `Another process writes to the log in ${directory}.`)
    else await sleep(RETRY_MS)
  }
}

function socketOf(directory: string): string {
  const inside = join(directory, 'lock')
  const hash = createHash('sha1').update(directory).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\uni-sse-${hash}`
  return inside.length <= MAX_PATH ? inside : join(tmpdir(), `uni-sse-${hash}.lock`)
}

/** Undefined: the path is taken, by a process or by what one has left. */
async function listen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  server.unref()
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : fail(error),
    )
    server.listen(path, () => done(server))
  })
}

async function isAnswered(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}
