import assert from 'node:assert/strict'
import type { PluginUse } from './build-fixture.js'
import { type CloudApp, type CloudAppOptions, type CloudPlatform, CLASSIC } from './cloud-app.js'

/**
 * What becomes of the push socket while nobody but the channels looks after it.
 * `kept`: the failure is not the socket's. `returns`: by itself. `at show`, `at change`: not before the app comes to
 * the foreground, or the platform tells of another network. `lost`: not even at a show. `deaf`: it lives, but what it
 * brings reaches nobody. `at a later show`: like `at show`, but the first may come too early, and so may something else.
 */
export type SocketFate = 'kept' | 'returns' | 'at show' | 'at a later show' | 'at change' | 'lost' | 'deaf'

type PerPlatform<Value> = Value | Readonly<Record<CloudPlatform, Value>>

/** One row of the table in docs/unicloud.md, or one of the ways in which it comes about. */
export interface FailureRow {
  readonly row: number
  /** Continues "when …". */
  readonly failure: string
  /** One more way to the same row: caused by `npm run test:push`, not by `npm test`. */
  readonly variant?: true
  /** Why a platform can't suffer it, or can't be made to here. */
  readonly notOn?: Partial<Readonly<Record<CloudPlatform, string>>>
  /** How the app is launched; without it, as usual, and online before anything else happens. */
  readonly launch?: Omit<CloudAppOptions, 'platform' | 'plugin'>
  /** Whose `.start-…` are tapped. Default `vendor` and `ours`. */
  readonly runs?: { readonly vendor: string; readonly ours: string }
  /** Happens before the channels are opened. */
  readonly before?: (app: CloudApp) => Promise<void>
  /** Happens after both channels received `{a:1}`. Without it both run through at once. */
  readonly cause?: (app: CloudApp) => Promise<void> | void
  /**
   * All that the vendor's channel tells. With the plugin the socket may be back before the messages go out: there
   * it is held to this only where the socket is `kept`. `open`: it may be lucky.
   */
  readonly vendor: readonly string[] | 'open'
  /** All that ours tells. Default the example, whole. Empty: see `check`. */
  readonly ours?: readonly string[]
  readonly socket: Readonly<Record<PluginUse, PerPlatform<SocketFate>>>
  /** The channels that must work afterwards, without a restart. Default `reused` and `object`. */
  readonly next?: Partial<Readonly<Record<PluginUse, readonly string[]>>>
  /** Whatever else is true once ours has ended. */
  readonly check?: (app: CloudApp, runs: { vendor: string; ours: string }) => Promise<void>
}

export const ONLY_FIRST = CLASSIC.slice(0, 1)

export function fateOf({ socket }: FailureRow, platform: CloudPlatform, plugin: PluginUse): SocketFate {
  const fate = socket[plugin]
  return typeof fate === 'string' ? fate : fate[platform]
}

/** Until another client is logged in than those of before; returns the condition. */
export function nextLogin({ cloud, isOnline }: CloudApp): () => boolean {
  const { logins } = cloud.push
  return () => cloud.push.logins > logins && isOnline()
}

/** To the background, without being suspended where that can be helped. */
export const lookAway = (app: CloudApp): Promise<void> => (app.lookAway ?? app.hide)()

/** To the background and back, too fast to be suspended. */
export async function glance(app: CloudApp): Promise<void> {
  await lookAway(app)
  await app.show()
}

/** The vendor's SDK takes one show in a second. */
const SHOW_PAUSE_MS = 1_050

/** Looks away and back until the SDK, which may not know yet that its socket died, does what is awaited. */
export async function glanceUntil(app: CloudApp, isDone: () => boolean, what: string): Promise<void> {
  await app.until(
    async () => {
      await glance(app)
      return app.until(isDone, what, SHOW_PAUSE_MS).then(
        () => true,
        () => false,
      )
    },
    what,
    60_000,
  )
}

const END = CLASSIC.at(-1) ?? ''
const SOURCE_DONE = 'source done [{"a":1},{"a":2},{"a":3},{"a":4},{"a":5}]'

/** What the channel delivered; the call itself may fail, as when the app is suspended. */
export const heard = (lines: readonly string[]) => lines.filter((line) => /^(message|end) /.test(line))

/** The same, and the channel's own errors. */
export const told = (lines: readonly string[]) => lines.filter((line) => /^(message|end|error) /.test(line))

/** One more channel, which tells all of the example. */
export async function runThrough(app: CloudApp, kind: string): Promise<void> {
  if (kind === 'source') {
    const before = (await app.log()).length
    await app.tap('.start-source')
    const isDone = async () => (await app.log()).slice(before).includes(SOURCE_DONE)
    return app.until(isDone, SOURCE_DONE)
  }
  const run = await app.start(kind)
  await app.waitForPrint(run, END)
  assert.deepEqual(told(await app.printed(run)), CLASSIC)
}
