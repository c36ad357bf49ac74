/** Measures the engines in a process of its own: answers each text it is sent with the times of the engines named. */
import { engines, type Engine } from './markdown-engines.js'

export interface Task {
  readonly names: readonly string[]
  readonly chunks: readonly string[]
}

/** Milliseconds by the engine's name. */
export type Times = Readonly<Record<string, number>>

/** An engine that is quicker is measured in turns with the others, so that whatever else runs hits all alike. */
const quickMs = 200

const most = 31

/** What a quarter of the runs took less than: other work on the machine only ever adds. */
const quartile = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 2] as number

function cpuMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function measure({ names, chunks }: Task): Times {
  const run = ({ stream }: Engine) => cpuMs(() => stream(chunks))
  const found = engines
    .filter(({ name }) => names.includes(name))
    .map((engine) => ({ engine, times: [run(engine)] }))
  const isQuick = ({ times }: { times: readonly number[] }) => (times[0] as number) < quickMs
  const quick = found.filter(isQuick)
  for (const { engine, times } of found.filter((one) => !isQuick(one))) {
    const first = times[0] as number
    if (first > 3000) continue
    times.length = 0
    for (let left = Math.max(3, Math.round(1500 / first)); left > 0; left--) times.push(run(engine))
  }
  // The compiler is at work for the first hundred runs of a text of this size.
  for (const { engine, times } of quick) {
    for (let left = Math.min(100, Math.round(4000 / (times[0] as number))); left > 0; left--) run(engine)
    times.length = 0
  }
  for (let turn = 0; turn < most; turn++) for (const { engine, times } of quick) times.push(run(engine))
  return Object.fromEntries(found.map(({ engine, times }) => [engine.name, quartile(times)]))
}

process.on('message', (task: Task) => process.send?.(measure(task)))
