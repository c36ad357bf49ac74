import { type Browser, launchChromium } from '../hosts/chromium/launch-chromium.js'
import type { Page } from '../hosts/chromium/page.js'
import { createMiniProgram, type MiniProgram } from '../hosts/mini-program/create-mini-program.js'
import { startStaticServer } from '../hosts/static-server.js'
import { type LocalCloud, startLocalCloud } from '../hosts/unicloud/start-local-cloud.js'
import { waitForCondition } from '../hosts/wait-for-condition.js'
import { startApp } from './app-app.js'
import {
  buildCloudFixture,
  FIXTURE_FUNCTIONS,
  type PluginUse,
  pointAt,
  type PushKind,
} from './build-fixture.js'

export type CloudPlatform = 'h5' | 'mp-weixin' | 'app'

/** The fixture running in a host, and how a person would use it. */
export interface Host {
  tap(selector: string): Promise<void>
  log(): Promise<string[]>
  hide(): Promise<void>
  show(): Promise<void>
  /** `none`: what the platform reports, whether or not it is true. */
  setNetwork(type: 'wifi' | 'none'): Promise<void>
  close(): Promise<void>
}

export interface CloudApp extends Host {
  readonly cloud: LocalCloud
  /** Lets the functions write up to `{ a: step }`; 5 is the end. */
  allow(step: number): void
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
  readonly prepare?: (cloud: LocalCloud) => void
  /** What the platform says about the network from the start. */
  readonly network?: 'wifi' | 'none'
  /** Of the channels. Default 2,000: a test need not wait for a product's ten seconds. */
  readonly silenceMs?: number
}

const SILENCE_MS = 2_000

let browser: Promise<Browser> | undefined

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

/** Starts a cloud and the fixture in its host; online unless `prepare` prevents it. */
export async function startCloudApp(options: CloudAppOptions): Promise<CloudApp> {
  const { platform, plugin } = options
  const cloud = await startLocalCloud({ functions: [FIXTURE_FUNCTIONS] })
  options.prepare?.(cloud)
  const steps = createSteps()
  const build = pointAt(await buildCloudFixture(platform, plugin, options.push), cloud.endpoint)
  const host = await startHost(build.folder, cloud, options)

  const until: CloudApp['until'] = (condition, what, timeoutMs = 5_000) =>
    waitForCondition(condition, {
      what,
      timeoutMs,
      report: async () =>
        JSON.stringify({
          log: await host.log(),
          online: cloud.push.online,
          calls: cloud.calls.map(({ name }) => name),
        }),
    }).then(() => undefined)

  const printed = async (run: string) =>
    (await host.log()).filter((line) => line.startsWith(`${run} `)).map((line) => line.slice(run.length + 1))

  return {
    ...host,
    cloud,
    allow: steps.allow,
    hasReached: steps.hasReached,
    printed,
    until,
    isOnline: () => cloud.push.online.length > 0,
    async start(kind) {
      const before = (await host.log()).length
      await host.tap(`.start-${kind}`)
      let run = ''
      await until(
        async () => {
          const line = (await host.log())
            .slice(before)
            .find((each) => each.startsWith(kind) && each.endsWith(' opened'))
          run = line?.split(' ')[0] ?? ''
          return run !== ''
        },
        `${kind} opened`,
        12_000,
      )
      return run
    },
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

async function startHost(folder: string, cloud: LocalCloud, options: CloudAppOptions): Promise<Host> {
  if (options.platform === 'mp-weixin') return startMiniProgram(folder, cloud, options)
  browser ??= launchChromium()
  if (options.platform === 'h5') return startH5(await browser, folder, cloud, options)
  return startApp(await browser, folder, cloud, { ...options, silenceMs: options.silenceMs ?? SILENCE_MS })
}

async function startH5(
  chromium: Browser,
  folder: string,
  cloud: LocalCloud,
  options: CloudAppOptions,
): Promise<Host> {
  const { network = 'wifi', silenceMs = SILENCE_MS } = options
  const server = await startStaticServer({ folder })
  const page: Page = await chromium.newPage()
  await page.addInitScript(
    (url: string, silence: number) => {
      localStorage.setItem('getui_socket_url', JSON.stringify({ type: 'string', data: url }))
      localStorage.setItem('silenceMs', JSON.stringify({ type: 'number', data: silence }))
    },
    cloud.push.url,
    silenceMs,
  )
  const report = (type: string) => {
    const connection = (navigator as unknown as { connection: EventTarget }).connection
    for (const name of ['type', 'effectiveType'])
      Object.defineProperty(connection, name, { value: name === 'type' ? type : '', configurable: true })
    connection.dispatchEvent(new Event('change'))
  }
  if (network !== 'wifi') await page.addInitScript(report, network)
  await page.goto(`${server.url}/`)
  await page.waitFor(() => document.querySelector('.log') !== null)
  return {
    tap: (selector) =>
      page.evaluate((target: string) => document.querySelector<HTMLElement>(target)!.click(), selector),
    log: () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.log > *')].map((line) => (line as HTMLElement).innerText.trim()),
      ),
    hide: () => page.hide(),
    show: () => page.show(),
    setNetwork: (type) => page.evaluate(report, type),
    async close() {
      await page.close()
      await server.close()
    },
  }
}

async function startMiniProgram(folder: string, cloud: LocalCloud, options: CloudAppOptions): Promise<Host> {
  const { network = 'wifi', silenceMs = SILENCE_MS } = options
  const storage = { getui_socket_url: cloud.push.url, silenceMs }
  const app: MiniProgram = createMiniProgram(folder, { storage })
  if (network === 'none') app.setNetwork('none')
  await app.start()
  return {
    tap: async (selector) => app.tap(selector),
    log: async () =>
      app
        .text('.log')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    hide: async () => app.hide({ suspendAfterMs: 0 }),
    show: async () => app.show(),
    setNetwork: async (type) => app.setNetwork(type),
    close: () => app.close(),
  }
}
