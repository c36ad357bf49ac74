// One process of push-recovery.ts: every failure on one platform, with or without the plugin, after one cue.
import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { PluginUse } from '../test/unicloud/build-fixture.js'
import {
  type CloudApp,
  type CloudPlatform,
  CLASSIC,
  closeBrowser,
  startCloudApp,
} from '../test/unicloud/cloud-app.js'
import { type FailureRow, lookAway, told } from '../test/unicloud/failure-row.js'
import { failureRows } from '../test/unicloud/failure-rows.js'

/** What brings the app's attention back: coming to the foreground, or nothing at all. */
export type Cue = 'show' | 'silence'

/** What one process measures. */
export interface Target {
  readonly platform: CloudPlatform
  readonly plugin: PluginUse
  readonly cue: Cue
}

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
const LIMIT_S = 30
/** Beyond our channel's end, the vendor's gets this much longer before it counts as never. */
const EXTRA_S: Readonly<Record<Cue, number>> = { show: 2, silence: 0.5 }
/** Looking costs time that the app would need: this often is as exact as a bar of seconds wants it. */
const LOOK_MS = 40

/** Failures of receiving, in the documented use of a channel; not those of using it in another way. */
export function measuredRows(platform: CloudPlatform): readonly FailureRow[] {
  return failureRows.filter(({ notOn, runs, ours }) => !notOn?.[platform] && !runs && !ours)
}

type Runs = Readonly<Record<'ours' | 'vendor', string>>
type Suffering = { readonly app: CloudApp; readonly runs: Runs }

/** A freshly launched app after the failure, with both channels open and all messages still to be written. */
async function suffer(target: Target, row: FailureRow): Promise<Suffering> {
  const { platform, plugin, cue } = target
  const app = await startCloudApp({ platform, plugin, silenceMs: PRODUCT_SILENCE_MS, ...row.launch })
  try {
    if (!row.launch || row.cause) await app.until(app.isOnline, 'online', 20_000)
    await row.before?.(app)
    const runs = await open(app, row)
    await row.cause?.(app)
    if (cue === 'show') await lookAway(app)
    return { app, runs }
  } catch (thrown) {
    await app.close()
    throw thrown
  }
}

/** Both channels; where the failure comes only now, both have received the first message. */
async function open(app: CloudApp, row: FailureRow): Promise<Runs> {
  if (row.cause) app.allow(1)
  const runs = { vendor: await app.start('vendor'), ours: await app.start('ours') }
  if (row.cause)
    for (const run of [runs.vendor, runs.ours]) await app.waitForPrint(run, CLASSIC[0] ?? '', 20_000)
  return runs
}

async function measure(target: Target, row: FailureRow): Promise<Sample> {
  const once = () => suffer(target, row)
  // A failure that could not be caused in time, as on a busy machine, is caused again.
  const { app, runs } = await once().catch(once)
  try {
    app.allow(5)
    const begun = performance.now()
    if (target.cue === 'show') await app.show()
    const seconds = await untilTold({ app, runs }, begun, target.cue)
    // An end alone is no recovery.
    if (seconds.ours < Infinity) assert.deepEqual(told(await app.printed(runs.ours)), CLASSIC)
    return { row: row.row, failure: row.failure, ...seconds }
  } finally {
    await app.close()
  }
}

/** Seconds from `begun` until each channel told its end. */
async function untilTold(
  { app, runs }: Suffering,
  begun: number,
  cue: Cue,
): Promise<Record<keyof Runs, number>> {
  const ends = { ours: Infinity, vendor: Infinity }
  for (;;) {
    const log = await app.log()
    const now = (performance.now() - begun) / 1000
    for (const whose of ['ours', 'vendor'] as const)
      if (log.includes(`${runs[whose]} ${CLASSIC.at(-1)}`)) ends[whose] = Math.min(ends[whose], now)
    const isLate = now > Math.min(LIMIT_S, ends.ours + EXTRA_S[cue])
    if (isLate || Math.max(ends.ours, ends.vendor) < Infinity) return ends
    await delay(LOOK_MS)
  }
}

if (process.send) {
  const [platform, plugin, cue, count] = process.argv.slice(2) as [CloudPlatform, PluginUse, Cue, string]
  try {
    for (let run = 0; run < Number(count); run++)
      for (const row of measuredRows(platform)) {
        const sample = await measure({ platform, plugin, cue }, row)
        if (process.connected) process.send(sample)
      }
  } finally {
    await closeBrowser()
    if (process.connected) process.disconnect()
  }
}
