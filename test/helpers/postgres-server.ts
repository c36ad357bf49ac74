import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../scripts/cluster/free-port.js'
import { postgresFolder } from '../../scripts/postgres-folder.js'

export interface PostgresServer {
  /** What `Pool` of the package `pg` takes. */
  readonly connection: { readonly host: string; readonly user: string; readonly database: string }
  /** On 127.0.0.1, where it was asked to listen. */
  readonly port: number
  /** One statement by its administrator. */
  ask(statement: string): Promise<string>
  /** Ends it at once, as a crash does. Its data stay. */
  kill(): Promise<void>
  /** After `kill`. */
  start(): Promise<void>
  /** Ends it and removes its data. Idempotent. */
  close(): Promise<void>
}

/** Why a test that needs Postgres is left out; undefined where it is not. */
export const noPostgres: string | undefined =
  postgresFolder() === undefined
    ? 'no Postgres here: neither initdb and postgres on PATH, nor the Debian package postgresql'
    : undefined

const run = promisify(execFile)

export interface PostgresServerOptions {
  /** Also reached by a port of 127.0.0.1. Default `socket`. */
  readonly by?: 'socket' | 'port'
  /** Begins as a copy of this one, which acknowledges nothing that the copy does not have. */
  readonly standbyOf?: PostgresServer
}

/** A Postgres of its own, reached by a socket in its temporary folder. It refuses to run as root, so another user runs it. */
export async function createPostgresServer({
  by = 'socket',
  standbyOf,
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const programs = postgresFolder() ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'pg-'))
  const other = process.getuid?.() === 0 ? unprivileged() : undefined
  if (other) await chown(folder, other.uid, other.gid)
  const as = other ?? {}
  const data = join(folder, 'data')
  const port = by === 'port' ? await freePort() : 5432
  if (standbyOf) {
    const from = ['-h', standbyOf.connection.host, '-p', String(standbyOf.port), '-U', 'test']
    await run('pg_basebackup', ['-D', data, '-R', '--checkpoint=fast', ...from], { ...as, cwd: folder })
  } else {
    const how = ['--username=test', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync']
    await run(join(programs, 'initdb'), ['-D', data, ...how], { ...as, cwd: folder })
  }
  const settings = [
    ...[by === 'port' ? 'listen_addresses=127.0.0.1' : 'listen_addresses=', `port=${port}`],
    ...['fsync=off', 'shared_buffers=16MB', 'max_connections=40'],
  ]
  const args = ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])]
  let child: ReturnType<typeof begin>
  const begin = () =>
    spawn(join(programs, 'postgres'), args, { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })

  async function start() {
    const started = (child = begin())
    await new Promise<void>((resolve, reject) => {
      let said = ''
      started.on('error', reject)
      started.on('exit', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)))
      started.stderr.on('data', (chunk: Buffer) => {
        said = (said + String(chunk)).slice(-10_000)
        if (/ready to accept (read-only )?connections/.test(said)) resolve()
      })
    })
  }

  const ask = async (statement: string) => {
    const how = ['-h', folder, '-p', String(port), '-U', 'test', '-d', 'postgres', '-Atc', statement]
    return (await run('psql', how, { cwd: folder })).stdout.trim()
  }

  await start()
  if (standbyOf) {
    await standbyOf.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
    await standbyOf.ask('SELECT pg_reload_conf()')
  }
  return {
    start,
    port,
    ask,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      // Its children see that it is gone, and end: until then it cannot be started again.
      await rm(join(data, 'postmaster.pid'), { force: true })
    },
    connection: { host: folder, user: 'test', database: 'postgres' },
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        // Ends its connections, too.
        child.kill('SIGINT')
        await once(child, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function unprivileged(): { readonly uid: number; readonly gid: number } {
  const idOf = (what: '-u' | '-g') =>
    Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }).trim())
  return { uid: idOf('-u'), gid: idOf('-g') }
}
