import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { BenchResult } from './bench.js'
import { compiled } from './compiled.js'

/** Nodes, readers and producers in one process, as plain JavaScript; the servers behind the logs beside it. */
export default async function redisLogBench(): Promise<BenchResult> {
  const watcher = await compiled('machine-watcher.ts')
  const child = fork(await compiled('redis-log-rounds.ts'), [watcher], { execArgv: ['--expose-gc'] })
  const ended = once(child, 'exit').then(() => {
    throw new Error('The rounds ended without a result.')
  })
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [BenchResult]
  return result
}
