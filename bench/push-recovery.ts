// How long after a failure of the push socket the messages arrive: the vendor's channel beside ours, both on one
// socket in one app, with the vendors' unmodified packages in their hosts. Seconds; nothing here ran on a device.
import type { PluginUse } from '../test/unicloud/build-fixture.js'
import { type CloudPlatform, CLASSIC, closeBrowser, startCloudApp } from '../test/unicloud/cloud-app.js'
import { type FailureRow, failureRows } from '../test/unicloud/failure-rows.js'

/** What brings the app's attention back: coming to the foreground, or nothing at all. */
type Cue = 'show' | 'silence'

interface Target {
  readonly platform: CloudPlatform
  readonly plugin: PluginUse
  readonly failure: FailureRow
  readonly cue: Cue
}

/** Undefined: not within the limit. */
interface Sample {
  readonly oursS: number | undefined
  readonly vendorS: number | undefined
}

const RUNS = Number(process.env.BENCH_RUNS ?? 2)
const PRODUCT_SILENCE_MS = 10_000
const LIMIT_MS = 30_000
/** After ours ended, the vendor's channel gets this much longer before it counts as never. */
const VENDOR_EXTRA_MS = 2_000
const END = CLASSIC.at(-1) ?? ''

export default async function pushRecovery(): Promise<{ rows: object[]; ratios: Record<string, number> }> {
  const rows: object[] = []
  const worst: Record<Cue, number> = { show: 0, silence: 0 }
  let unrecovered = 0
  try {
    for (const target of targets()) {
      const samples: Sample[] = []
      for (let run = 0; run < RUNS; run++) samples.push(await measure(target))
      const ours = samples.map(({ oursS }) => oursS ?? Infinity).sort((a, b) => a - b)
      if (target.plugin === 'with') {
        unrecovered += ours.filter((value) => value === Infinity).length
        worst[target.cue] = Math.max(worst[target.cue], ours.at(-1) ?? Infinity)
      }
      rows.push({
        row: target.failure.row,
        failure: target.failure.failure,
        platform: target.platform,
        cue: target.cue,
        plugin: target.plugin,
        vendor_s: seconds(median(samples.map(({ vendorS }) => vendorS ?? Infinity))),
        ours_median_s: seconds(median(ours)),
        ours_p95_s: seconds(ours[Math.ceil(ours.length * 0.95) - 1] ?? Infinity),
      })
    }
  } finally {
    await closeBrowser()
  }
  const ratios = { worst_after_show_s: worst.show, worst_after_silence_s: worst.silence, unrecovered }
  return { rows, ratios }
}

function targets(): Target[] {
  return (['h5', 'mp-weixin'] as const).flatMap((platform) =>
    failureRows.flatMap((failure) =>
      (['show', 'silence'] as const).flatMap((cue) =>
        (['without', 'with'] as const).map((plugin) => ({ platform, failure, cue, plugin })),
      ),
    ),
  )
}

async function measure({ platform, plugin, failure, cue }: Target): Promise<Sample> {
  const app = await startCloudApp({ platform, plugin, silenceMs: PRODUCT_SILENCE_MS })
  try {
    await app.until(app.isOnline, 'online', 10_000)
    app.allow(1)
    const vendor = await app.start('vendor')
    const ours = await app.start('ours')
    for (const run of [vendor, ours]) await app.waitForPrint(run, CLASSIC[0] ?? '')
    await failure.break(app)
    app.allow(5)
    if (cue === 'show') {
      await app.hide()
      await app.show()
    }
    const begun = performance.now()
    const ended = (run: string, limitMs: number) =>
      app.waitForPrint(run, END, limitMs).then(
        () => (performance.now() - begun) / 1000,
        () => undefined,
      )
    const oursS = await ended(ours, LIMIT_MS)
    return { oursS, vendorS: await ended(vendor, VENDOR_EXTRA_MS) }
  } finally {
    await app.close()
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Infinity
}

const seconds = (value: number) => (value === Infinity ? 'never' : Number(value.toFixed(2)))
