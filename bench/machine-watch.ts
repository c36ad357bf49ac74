import { fork } from 'node:child_process'
import { once } from 'node:events'

/** What any process waits for on this machine, in milliseconds, however little it does. */
export interface MachineFigures {
  /** How late a timer of an idle process is. */
  readonly lateP99: number
  /** A PING and its answer, over a connection of its own. */
  readonly pingP50: number
  readonly pingP99: number
}

export interface MachineWatch {
  /** Since the last call. */
  figures(): Promise<MachineFigures>
  close(): void
}

/**
 * A process beside the measured one: what it waits for is the machine's and the server's, not ours.
 * @param watcher bench/machine-watcher.ts, compiled
 */
export async function watchMachine(watcher: string, redisPort: number): Promise<MachineWatch> {
  const child = fork(watcher, [String(redisPort)], { execArgv: [] })
  await once(child, 'message')
  return {
    async figures() {
      const answer = once(child, 'message')
      child.send('figures')
      return (await answer)[0] as MachineFigures
    },
    close: () => void child.kill(),
  }
}
