import { type Browser, launchChromium } from '../hosts/chromium/launch-chromium.js'
import { startTestCloud, type TestCloud } from '../hosts/start-test-cloud.js'
import { waitForCondition } from '../hosts/wait-for-condition.js'
import { startApp } from './app-app.js'
import { startH5 } from './h5-app.js'
import { startMiniProgram } from './mini-program-app.js'
import {
  buildCloudFixture,
  FIXTURE_FUNCTIONS,
  type PluginUse,
  pointAt,
  type PushKind,
} from './build-fixture.js'

export type CloudPlatform = 'h5' | 'mp-weixin' | 'app'

/** What not every host can do; a failure that needs it is not caused where it is missing. */
export interface HostExtras {
  /** Uncaught errors of the app so far. */
  errors?(): Promise<readonly string[]>
  /** Frees whatever the app holds no more. */
  collectGarbage?(): Promise<void>
  /** To the background, to come back before it is suspended. */
  lookAway?(): Promise<void>
  /** Opens the app a second time beside itself, in front of it; resolves with what closes that again. */
  openTwin?(): Promise<() => Promise<void>>
}

/** The fixture running in a host, and how a person would use it. */
export interface Host extends HostExtras {
  tap(selector: string): Promise<void>
  log(): Promise<string[]>
  hide(): Promise<void>
  show(): Promise<void>
  /** `none`: what the platform reports, whether or not it is true. */
  setNetwork(type: 'wifi' | 'none'): Promise<void>
  close(): Promise<void>
}

export interface CloudApp extends Host {
  readonly platform: CloudPlatform
  readonly plugin: PluginUse
  readonly cloud: TestCloud
  /** Lets the functions write up to `{ a: step }`; 5 is the end. */
  allow(step: number): void
  /** Taps `.start-<kind>`; resolves with the run's name, whether or not it ever opens. */
  begin(kind: string): Promise<string>
  /** Has a function come to this step since the last `allow`? What it wrote before is accepted. */
  hasReached(step: number): boolean
  /** Taps `.start-<kind>`; resolves with the run's name when it says that it is open. */
  start(kind: string): Promise<string>
  /** What the run printed: `message {"a":1}`, `end {"a":5}`… */
  printed(run: string): Promise<string[]>
  /** Until the run printed this; resolves with the milliseconds it took. */
  waitForPrint(run: string, text: string, timeoutMs?: number): Promise<number>
  isOnline(): boolean
  until(condition: () => boolean | Promise<boolean>, what: string, timeoutMs?: number): Promise<void>
}

export const CLASSIC = [
  'message {"a":1}',
  'message {"a":2}',
  'message {"a":3}',
  'message {"a":4}',
  'end {"a":5}',
]

export interface CloudAppOptions {
  readonly platform: CloudPlatform
  readonly plugin: PluginUse
  /** `native` is App's alone. Default `socket`. */
  readonly push?: PushKind
  /** How native push hands payloads over. Default `object`. */
  readonly payload?: 'object' | 'text'
  /** Before the app starts. */
  readonly prepare?: (cloud: TestCloud) => void
  /** What the platform says about the network from the start, true or not. */
  readonly network?: 'wifi' | 'none'
  /** In storage before the app starts, as if from an earlier launch. */
  readonly storage?: (cloud: TestCloud) => Readonly<Record<string, unknown>>
  /** A global that this browser lacks; H5 only. */
  readonly lacking?: string
  /** Of the channels. Default 2,000: a test need not wait for a product's ten seconds. */
  readonly silenceMs?: number
}

/** The same, with the defaults. */
export type LaunchOptions = CloudAppOptions & Required<Pick<CloudAppOptions, 'silenceMs' | 'network'>>

const SILENCE_MS = 2_000

let browser: Promise<Browser> | undefined

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

/** Starts a cloud and the fixture in its host; online unless `prepare` prevents it. */
export async function startCloudApp(options: CloudAppOptions): Promise<CloudApp> {
  const { platform, plugin } = options
  const cloud = await startTestCloud({ functions: [FIXTURE_FUNCTIONS] })
  options.prepare?.(cloud)
  const steps = createSteps()
  const build = pointAt(await buildCloudFixture(platform, plugin, options.push), cloud.endpoint)
  const host = await startHost(build.folder, cloud, options)

  const until: CloudApp['until'] = (condition, what, timeoutMs) =>
    waitForCondition(condition, {
      what,
      ...(timeoutMs !== undefined && { timeoutMs }),
      report: async () =>
        JSON.stringify({
          log: await host.log(),
          online: cloud.push.online,
          calls: cloud.calls.map(({ name }) => name),
        }),
    }).then(() => undefined)

  const printed = async (run: string) =>
    (await host.log()).filter((line) => line.startsWith(`${run} `)).map((line) => line.slice(run.length + 1))

  async function startRun(kind: string, sign: 'begun' | 'opened') {
    const before = (await host.log()).length
    await host.tap(`.start-${kind}`)
    const pattern = new RegExp(`^${kind}\\d+ ${sign}$`)
    let run = ''
    await until(async () => {
      const line = (await host.log()).slice(before).find((each) => pattern.test(each))
      run = line?.split(' ')[0] ?? ''
      return run !== ''
    }, `${kind} ${sign}`)
    return run
  }

  return {
    ...host,
    platform,
    plugin,
    cloud,
    allow: steps.allow,
    hasReached: steps.hasReached,
    printed,
    until,
    isOnline: () => cloud.push.online.length > 0,
    begin: (kind) => startRun(kind, 'begun'),
    start: (kind) => startRun(kind, 'opened'),
    async waitForPrint(run, text, timeoutMs) {
      const begun = performance.now()
      await until(async () => (await printed(run)).includes(text), `${run} ${text}`, timeoutMs)
      return Math.round(performance.now() - begun)
    },
    async close() {
      steps.allow(Infinity)
      await host.close()
      await cloud.close()
      build.remove()
    },
  }
}

/** The pace of the fixture's functions, which run in this process. */
function createSteps() {
  let allowed = 0
  let reached = 0
  let waiting: (() => void)[] = []
  const beforeWrite = async (step: number) => {
    reached = Math.max(reached, step)
    while (step > allowed) await new Promise<void>((resume) => waiting.push(resume))
  }
  Object.assign(globalThis, { beforeWrite })
  return {
    allow(step: number) {
      allowed = step
      reached = 0
      const resumed = waiting
      waiting = []
      resumed.forEach((resume) => resume())
    },
    hasReached: (step: number) => reached >= step,
  }
}

async function startHost(folder: string, cloud: TestCloud, given: CloudAppOptions): Promise<Host> {
  const options: LaunchOptions = { silenceMs: SILENCE_MS, network: 'wifi', ...given }
  if (options.platform === 'mp-weixin') return startMiniProgram(folder, cloud, options)
  browser ??= launchChromium()
  return (options.platform === 'h5' ? startH5 : startApp)(await browser, folder, cloud, options)
}
