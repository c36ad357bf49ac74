import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCloudFixture, type PluginUse } from './build-fixture.js'
import { type CloudApp, type CloudPlatform, CLASSIC, closeBrowser, startCloudApp } from './cloud-app.js'
import {
  type FailureRow,
  fateOf,
  glance,
  glanceUntil,
  heard,
  runThrough,
  type SocketFate,
  told,
} from './failure-row.js'
import { failureRows } from './failure-rows.js'

const END = CLASSIC.at(-1) ?? ''
/** The least that a channel allows. */
const SILENCE_MS = 1_000
/** Long enough for the vendor's SDK to do whatever it does by itself. */
const STAYS_AWAY_MS = 1_200

/**
 * All rows on one platform. The vendor's channel and ours receive in one app over one socket and suffer the same
 * failure: what the one loses, the other must deliver, and so must the channels after it.
 */
export function describeFailureRows(platform: CloudPlatform): void {
  let app: CloudApp
  afterEach(() => app.close())
  afterAll(closeBrowser)

  describe.each<PluginUse>(['without', 'with'])('%s the plugin', (plugin) => {
    beforeAll(async () => void (await buildCloudFixture(platform, plugin)))

    test.each(causedOn(platform))(
      'row $row: when $failure, ours delivers everything once and in order, and so do the next two',
      async (row) => {
        app = await startCloudApp({ platform, plugin, silenceMs: SILENCE_MS, ...row.launch })
        if (row.cause || row.before || !row.launch) await app.until(app.isOnline, 'online')
        const fate = fateOf(row, platform, plugin)
        await row.before?.(app)
        const runs = await suffer(app, row)
        await row.check?.(app, runs)
        const tellings = row.ours?.length === 0 ? heard : told
        expect(tellings(await app.printed(runs.ours))).toEqual(row.ours ?? CLASSIC)
        if (plugin === 'without' || fate === 'kept' || fate === 'deaf')
          await checkVendor(app, row, runs.vendor)
        const staysAway = fate !== 'kept' && fate !== 'returns' && fate !== 'at a later show'
        const nextVendor = staysAway ? await app.begin('vendor') : undefined
        for (const kind of row.next?.[plugin] ?? ['reused', 'object']) await runThrough(app, kind)
        if (nextVendor !== undefined) expect(heard(await app.printed(nextVendor))).toEqual([])
        await meetFate(app, fate)
      },
    )
  })
}

function causedOn(platform: CloudPlatform): readonly FailureRow[] {
  const all = process.env.PUSH_ROWS === 'all'
  return failureRows.filter(({ notOn, variant }) => !notOn?.[platform] && (all || !variant))
}

/** Both channels, from before the failure until ours has ended. */
async function suffer(app: CloudApp, row: FailureRow): Promise<{ vendor: string; ours: string }> {
  const kinds = row.runs ?? { vendor: 'vendor', ours: 'ours' }
  app.allow(row.cause ? 1 : 5)
  const runs = { vendor: await app.begin(kinds.vendor), ours: await app.begin(kinds.ours) }
  if (row.cause) {
    for (const run of [runs.vendor, runs.ours]) await app.waitForPrint(run, CLASSIC[0] ?? '')
    await row.cause(app)
    app.allow(5)
  }
  const last = (row.ours ?? CLASSIC).at(-1)
  if (last !== undefined) await app.waitForPrint(runs.ours, last)
  return runs
}

/** The vendor's channel told what it can tell, and nothing else. */
async function checkVendor(app: CloudApp, { vendor }: FailureRow, run: string): Promise<void> {
  if (vendor === 'open') return
  const last = vendor.at(-1)
  if (last !== undefined) await app.waitForPrint(run, last)
  expect(heard(await app.printed(run))).toEqual(vendor)
}

/** Does the vendor's next channel hear everything? A socket that is only just coming back may lose some. */
async function worksAgain(app: CloudApp, patienceMs: number): Promise<boolean> {
  const run = await app.begin('vendor')
  return app.waitForPrint(run, END, patienceMs).then(
    () => true,
    () => false,
  )
}

/** The socket does what the row says; where that is to live again, the vendor's next channel works too. */
async function meetFate(app: CloudApp, fate: SocketFate): Promise<void> {
  if (fate === 'deaf') return
  if (fate === 'at show') expect(app.isOnline()).toBe(false)
  if (fate === 'at show' || fate === 'at a later show') await glanceUntil(app, app.isOnline, 'back at a show')
  if (fate === 'at change' || fate === 'lost') {
    await glance(app)
    await expect(app.until(app.isOnline, 'back', STAYS_AWAY_MS)).rejects.toThrow('timed out')
  }
  if (fate === 'lost') return
  if (fate === 'at change') await app.setNetwork('wifi')
  // More patience each time, for a busy machine.
  let patienceMs = 750
  await app.until(() => worksAgain(app, (patienceMs *= 2)), 'the next channel', 60_000)
}
