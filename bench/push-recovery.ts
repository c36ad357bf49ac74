// How long after a failure of push the messages arrive: the vendor's channel beside ours, both in one app over one
// socket, with the vendors' unmodified packages in their hosts. Nothing here ran on a device. Each platform, with and
// without the plugin, has a process of its own for each cue. Every sample is of a freshly launched app, as the failures
// are meant: a launch takes a second, and nearly all of the time is waiting.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { buildCloudFixture, type PluginUse } from '../test/unicloud/build-fixture.js'
import type { CloudPlatform } from '../test/unicloud/cloud-app.js'
import { type BenchResult, type Row, rounded } from './bench.js'
import type { Cue, Sample, Target } from './push-recovery-worker.js'

const PLATFORMS: readonly CloudPlatform[] = ['h5', 'mp-weixin', 'app']
const PLUGINS: readonly PluginUse[] = ['without', 'with']
/** Runs of every failure. A silence takes a product's ten seconds. */
const RUNS: Readonly<Record<Cue, number>> = { show: 3, silence: 2 }
/** Processes at once. What follows a show is a matter of tenths of a second; a silence is only waited for. */
const AT_ONCE: Readonly<Record<Cue, number>> = { show: 3, silence: 6 }
const CUES = Object.keys(RUNS) as Cue[]

/** All samples of one failure under one cue on one platform, with or without the plugin. */
interface Cell extends Target {
  readonly failure: string
  readonly samples: readonly Sample[]
}

export default async function pushRecovery(): Promise<BenchResult> {
  const targets = (cue: Cue) =>
    PLATFORMS.flatMap((platform) => PLUGINS.map((plugin) => ({ platform, plugin, cue })))
  for (const platform of PLATFORMS) for (const plugin of PLUGINS) await buildCloudFixture(platform, plugin)
  const workers: ChildProcess[] = []
  try {
    const measured = await Promise.all(
      CUES.map((cue) => fewAtOnce(targets(cue), AT_ONCE[cue], (target) => measure(target, workers))),
    )
    return toResult(measured.flat(2))
  } finally {
    workers.forEach((worker) => worker.kill())
  }
}

async function fewAtOnce<Item, Result>(
  items: readonly Item[],
  count: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const work = async () => {
    for (const [index, item] of waiting) results[index] = await run(item)
  }
  await Promise.all(Array.from({ length: count }, work))
  return results
}

function toResult(cells: readonly Cell[]): BenchResult {
  const promised = cells.filter(({ plugin }) => plugin === 'with')
  const worst = (cue: Cue) =>
    Math.max(
      ...promised
        .filter((cell) => cell.cue === cue)
        .flatMap(ours)
        .filter(Number.isFinite),
    )
  return {
    rows: cells.flatMap(toRows),
    table: toTable(cells),
    ratios: {
      worst_after_show_s: rounded(worst('show')),
      worst_after_silence_s: rounded(worst('silence')),
      unrecovered: cells.flatMap(ours).filter((value) => value === Infinity).length,
    },
  }
}

/** @throws {Error} when the process failed before it had measured everything */
async function measure(target: Target, workers: ChildProcess[]): Promise<Cell[]> {
  const { platform, plugin, cue } = target
  const worker = fork(
    fileURLToPath(new URL('push-recovery-worker.ts', import.meta.url)),
    [platform, plugin, cue, String(RUNS[cue])],
    { execArgv: ['--import', 'tsx'], serialization: 'advanced' },
  )
  workers.push(worker)
  const byFailure = new Map<string, Sample[]>()
  worker.on('message', (sample: Sample) => {
    const failure = `${sample.row} ${sample.failure}`
    byFailure.set(failure, [...(byFailure.get(failure) ?? []), sample])
  })
  const [code] = (await once(worker, 'exit')) as [number]
  if (code !== 0) throw new Error(`${platform} ${plugin} the plugin, ${cue}: the process ended with ${code}`)
  return [...byFailure].map(([failure, samples]) => ({ ...target, failure, samples }))
}

const ours = ({ samples }: Cell) => samples.map((sample) => sample.ours)
const vendor = ({ samples }: Cell) => samples.map((sample) => sample.vendor)

function toRows(cell: Cell): Row[] {
  const subject = `${cell.failure}, ${cell.platform} ${cell.plugin} the plugin`
  const row = (metric: string, value: number): Row => ({
    subject,
    metric: `${metric}, after ${cell.cue}`,
    value: rounded(value),
    unit: 's',
  })
  return [
    row("vendor's channel, median", quantile(vendor(cell), 0.5)),
    row('ours, median', quantile(ours(cell), 0.5)),
    row('ours, p95', quantile(ours(cell), 0.95)),
  ]
}

/** A line for each failure on each platform and cue: the vendor's channel | ours, median / p95, in seconds. */
function toTable(cells: readonly Cell[]): string {
  const lines = cells
    .filter(({ plugin }) => plugin === 'without')
    .map((cell) => {
      const { failure, platform, cue } = cell
      const guarded = cells.find(
        (each) =>
          each.plugin === 'with' &&
          each.failure === failure &&
          each.platform === platform &&
          each.cue === cue,
      )
      const columns = [cell, guarded].map((each) =>
        each
          ? `${text(quantile(vendor(each), 0.5))} | ${text(quantile(ours(each), 0.5))} / ${text(quantile(ours(each), 0.95))}`
          : '| –',
      )
      return `| ${failure} | ${platform} | ${cue} | ${columns.join(' | ')} |`
    })
  const head = '| failure | platform | after | vendor | ours | vendor, plugin | ours, plugin |'
  return [head, '| --- | --- | --- | --- | --- | --- | --- |', ...lines.sort(byNumber)].join('\n')
}

const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

/** The nearest rank. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Infinity
}

const text = (value: number) => (value === Infinity ? 'never' : value.toFixed(2))
