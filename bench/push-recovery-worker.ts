// One process of push-recovery.ts: every failure on one platform, with or without the plugin, after one cue.
import { performance } from 'node:perf_hooks'
import type { PluginUse } from '../test/unicloud/build-fixture.js'
import {
  type CloudApp,
  type CloudPlatform,
  CLASSIC,
  closeBrowser,
  startCloudApp,
} from '../test/unicloud/cloud-app.js'
import { type FailureRow, glance } from '../test/unicloud/failure-row.js'
import { failureRows } from '../test/unicloud/failure-rows.js'

/** What brings the app's attention back: coming to the foreground, or nothing at all. */
export type Cue = 'show' | 'silence'

/** Seconds since the cue; `Infinity`: not within the limit. */
export interface Sample {
  readonly row: number
  readonly failure: string
  /** Until our channel had delivered all. */
  readonly ours: number
  /** The same of the vendor's, in the same app. */
  readonly vendor: number
}

const PRODUCT_SILENCE_MS = 10_000
const LIMIT_MS = 30_000
/** Beyond our channel's end, the vendor's gets this much longer before it counts as never. */
const EXTRA_MS: Readonly<Record<Cue, number>> = { show: 2_000, silence: 500 }

/** Failures of receiving, in the documented use of a channel; not those of using it in another way. */
export function measuredRows(platform: CloudPlatform): readonly FailureRow[] {
  return failureRows.filter(({ notOn, runs, ours }) => !notOn?.[platform] && !runs && !ours)
}

async function measure(
  platform: CloudPlatform,
  plugin: PluginUse,
  cue: Cue,
  row: FailureRow,
): Promise<Sample> {
  const app = await startCloudApp({ platform, plugin, silenceMs: PRODUCT_SILENCE_MS, ...row.launch })
  try {
    if (!row.launch || row.cause) await app.until(app.isOnline, 'online', 20_000)
    await row.before?.(app)
    const runs = await open(app, row)
    await row.cause?.(app)
    app.allow(5)
    const begun = performance.now()
    if (cue === 'show') await glance(app)
    const seconds = (waiting: Promise<unknown>) =>
      waiting.then(
        () => (performance.now() - begun) / 1000,
        () => Infinity,
      )
    const end = CLASSIC.at(-1) ?? ''
    // Looked at while ours is awaited: what comes in time is timed, what does not is given up with it.
    const vendor = seconds(app.waitForPrint(runs.vendor, end, LIMIT_MS))
    const ours = await seconds(app.waitForPrint(runs.ours, end, LIMIT_MS))
    const late = new Promise<number>((give) => setTimeout(() => give(Infinity), EXTRA_MS[cue]))
    return { row: row.row, failure: row.failure, ours, vendor: await Promise.race([vendor, late]) }
  } finally {
    await app.close()
  }
}

/** Both channels; where the failure comes only now, both have received the first message. */
async function open(app: CloudApp, row: FailureRow) {
  if (row.cause) app.allow(1)
  const runs = { vendor: await app.start('vendor'), ours: await app.start('ours') }
  if (row.cause)
    for (const run of [runs.vendor, runs.ours]) await app.waitForPrint(run, CLASSIC[0] ?? '', 20_000)
  return runs
}

if (process.send) {
  const [platform, plugin, cue, count] = process.argv.slice(2) as [CloudPlatform, PluginUse, Cue, string]
  try {
    for (let run = 0; run < Number(count); run++)
      for (const row of measuredRows(platform)) {
        const once = () => measure(platform, plugin, cue, row)
        // A failure that could not be caused in time, as on a busy machine, is caused again.
        const sample = await once().catch(once)
        if (process.connected) process.send(sample)
      }
  } finally {
    await closeBrowser()
    if (process.connected) process.disconnect()
  }
}
