import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../scripts/cluster/free-port.js'
import { eventually } from '../helpers/eventually.js'

/** A server of `examples/` and what starts it. */
export interface Example {
  /** Its folder below `examples`, unless the command is at home elsewhere. */
  readonly name: string
  readonly isElsewhere?: boolean
  /** Why it can't run on this machine. Undefined: it can. */
  readonly lacking: string | undefined
  /** @param scratch a folder that is removed afterwards */
  command(port: number, scratch: string): readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** The command gives no error. */
export function works(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Starts an example, gives its address to `use` once it answers, and ends it with all its processes. */
export async function runExample(example: Example, use: (url: string) => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), `${example.name}-example-`))
  const port = await freePort()
  const [file = '', ...args] = example.command(port, scratch)
  const child = spawn(file, args, {
    cwd: example.isElsewhere ? scratch : `examples/${example.name}`,
    env: { ...process.env, ...example.env, PORT: String(port), CHANNELS: join(scratch, 'channels') },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const exit = once(child, 'exit')
  const url = `http://127.0.0.1:${port}/api/chat`
  try {
    await eventually(
      () => `an answer of ${example.name}: ${said}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`${example.name} ended: ${said}`)
        return isThere(`${url}/no-such-channel-0000`)
      },
      90_000,
    )
    await use(url)
  } finally {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid)
    await exit
    rmSync(scratch, { recursive: true, force: true })
  }
}

const isThere = (url: string) =>
  fetch(url).then(
    ({ status }) => status === 404,
    () => false,
  )
