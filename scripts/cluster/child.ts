import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A process of ours. */
export interface Child {
  readonly process: ChildProcess
  readonly port: number
  /** Asks it to end; makes it after the grace. Idempotent. */
  end(graceMs: number): Promise<void>
}

function ender(child: ChildProcess) {
  return async (graceMs: number) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    // What is paused does not hear a request to end.
    child.kill('SIGCONT')
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await exit
    clearTimeout(timer)
  }
}

/** A redis-server with an append-only file in `folder`. Rejects with a sentence when there is none. */
export async function startRedis(port: number, folder: string): Promise<Child> {
  const settings = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'yes' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  // A group of its own: Ctrl-C must not end it before the nodes have written their last.
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  await new Promise<void>((resolve, reject) => {
    let log = ''
    child.on('error', () =>
      reject(new Error('redis-server is not installed. Debian: apt-get install redis-server')),
    )
    child.on('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${log}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      log = (log + String(chunk)).slice(-4_000)
      if (log.includes('Ready to accept connections')) resolve()
    })
  })
  return { process: child, port, end: ender(child) }
}

/** A temporary folder and its removal. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'cluster-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export interface Node extends Child {
  /** Runs that it has begun. */
  begun(): number
}

/** One node of the cluster, listening. */
export async function startNode(port: number, env: Readonly<Record<string, string>>): Promise<Node> {
  const child = fork(fileURLToPath(new URL('node.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env, PORT: String(port) },
  })
  let begun = 0
  await new Promise<void>((resolve, reject) => {
    child.on('message', (what) => {
      if (what === 'begun') begun++
      else resolve()
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`A node ended with ${signal ?? code}.`)))
  })
  return { process: child, port, end: ender(child), begun: () => begun }
}
