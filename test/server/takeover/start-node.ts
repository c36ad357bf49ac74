import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process with a hub, see takeover-node.ts. */
export interface TakeoverNode {
  readonly pid: number
  /** Of the API. */
  readonly url: string
  kill(signal?: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  /** Asks it to go down in order, and waits until it has. */
  leave(): Promise<void>
}

export async function startTakeoverNode(env: Readonly<Record<string, string>>): Promise<TakeoverNode> {
  const child = fork(fileURLToPath(new URL('takeover-node.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
  })
  const ended = once(child, 'exit')
  const port = await Promise.race([
    once(child, 'message').then(([said]) => said as number),
    ended.then(([code, signal]) => Promise.reject(new Error(`A node ended with ${signal ?? code}.`))),
  ])
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}/api/chat`,
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    async leave() {
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(late)
    },
  }
}
