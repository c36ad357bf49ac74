import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../scripts/cluster/free-port.js'

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** A command as its administrator gives it; the answer as redis-cli prints it, without quotes. */
  ask(...command: string[]): Promise<string>
  /** Stops answering, keeps its connections. */
  pause(): void
  goOn(): void
  /** Ends it at once, as a crash does. Its data stay. */
  kill(): Promise<void>
  /** After `kill`: on the same port, with what it had written. */
  start(): Promise<void>
  /** How much it has written. */
  written(): Promise<number>
  /** After `kill`: takes back what it wrote later than that, as the crash of a machine does with what was not synced. */
  forget(written: number): Promise<void>
  /** Ends it and removes its data. Idempotent. */
  close(): Promise<void>
}

/**
 * A redis-server of its own on a free port of 127.0.0.1, with its append-only file in a temporary folder.
 * @param appendfsync where the disk is slow, Redis' own default `everysec` acknowledges up to two seconds before it writes
 * @param more settings of redis.conf
 */
export async function createRedisServer(
  appendfsync: 'always' | 'everysec' = 'always',
  more: Readonly<Record<string, string>> = {},
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const port = await freePort()
  let process: ChildProcess | undefined

  async function start() {
    const settings = {
      bind: '127.0.0.1',
      port,
      dir: folder,
      save: '',
      appendonly: 'yes',
      appendfsync,
      ...more,
    }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    process = child
    await new Promise<void>((resolve, reject) => {
      let log = ''
      child.on('error', reject)
      child.on('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${log}`)))
      child.stdout.on('data', (chunk: Buffer) => {
        log = (log + String(chunk)).slice(-10_000)
        if (log.includes('Ready to accept connections')) resolve()
      })
    })
  }

  async function kill() {
    const child = process
    process = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** The append-only file that grows now. */
  async function growing() {
    const names = await readdir(join(folder, 'appendonlydir'))
    return join(folder, 'appendonlydir', names.find((name) => name.endsWith('.incr.aof')) ?? '')
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    ask: (...command) => askRedis(port, command),
    pause: () => void process?.kill('SIGSTOP'),
    goOn: () => void process?.kill('SIGCONT'),
    kill,
    start,
    written: async () => (await stat(await growing())).size,
    forget: async (written) => truncate(await growing(), written),
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const run = promisify(execFile)

async function askRedis(port: number, command: readonly string[]) {
  const { stdout } = await run('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...command])
  return stdout.trim()
}
