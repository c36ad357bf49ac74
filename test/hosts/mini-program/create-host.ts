import { createComponentSpace } from './component-space.js'
import type { MiniProgramOptions } from './host-options.js'
import type { MiniProgramHost } from './mini-program-host.js'
import type { MiniProgramPackage } from './mini-program-package.js'
import { connectNativeNodes } from './native-nodes.js'
import { PageStack } from './page-stack.js'
import { toUrl } from './parse-url.js'
import { createReadyQueue } from './ready-queue.js'
import { createRealm } from './realm.js'
import { followNavigator } from './follow-navigator.js'
import { recordConsole, type ConsoleMessage } from './record-console.js'
import { recordCalls } from './shell/record-calls.js'
import { SetDataMeter } from './set-data-meter.js'
import { AppProcess } from './shell/app-process.js'
import { ListenerHub } from './shell/listener-hub.js'
import type { ApiCall, NativeMachine, NativeShell, NetworkRecord } from './shell/native-shell.js'
import { NetworkConditions } from './shell/network-conditions.js'
import { platformApis } from './shell/platform-api.js'
import { createTimerApi } from './shell/timer-api.js'
import { visibleText } from './visible-text.js'

interface AppHooks {
  onLaunch?(options: object): void
  onShow?(options: object): void
  onHide?(options: object): void
}

const DEFAULT_REQUEST_TIMEOUT_MS = 60_000

/** Sets up the native stand-in, the component framework and the logic layer for one compiled package. */
export function createHost(
  pkg: MiniProgramPackage,
  machine: NativeMachine,
  {
    platform = 'weixin',
    chunked = 'supported',
    storage = {},
    reportedNetwork,
    system = {},
  }: MiniProgramOptions = {},
): MiniProgramHost {
  const errors: string[] = []
  const warnings = [...pkg.warnings]
  const reportError = (error: unknown) =>
    void errors.push(error instanceof Error ? (error.stack ?? String(error)) : String(error))
  const process = new AppProcess(reportError)
  const listeners = new ListenerHub(reportError)
  const network = new NetworkConditions()
  if (reportedNetwork !== undefined) network.report(reportedNetwork)
  const meter = new SetDataMeter()
  const ready = createReadyQueue(process)
  const messages: ConsoleMessage[] = []
  const apiCalls: ApiCall[] = []
  const records: NetworkRecord[] = []
  let launch = { path: pkg.pages[0] ?? '', query: {}, scene: 1001 }
  let app: AppHooks = {}

  const { globalName, create, createModel, bringEvent } = platformApis[platform]
  const space = createComponentSpace(pkg, {
    model: createModel?.(process),
    meter,
    bringEvent: bringEvent && ((event) => bringEvent(process, event)),
    attached: ready.add,
    tapped: (target) => followNavigator(target, navigation),
    reportError,
    warn: (message) => void warnings.push(message),
  })
  const pages = new PageStack(space, machine.stage, pkg.pages)
  const navigation: NativeShell['navigation'] = {
    navigateTo: (url) => pages.open(url),
    redirectTo(url) {
      pages.closeTop()
      pages.open(url)
    },
    reLaunch(url) {
      pages.closeAll()
      pages.open(url)
    },
    back: (delta) => pages.back(delta),
  }
  const kept = new Map(Object.entries(storage).map(([key, value]) => [key, JSON.stringify(value)]))
  const api = create({
    machine,
    process,
    network,
    listeners,
    records,
    chunked,
    requestTimeoutMs: pkg.app.networkTimeout?.request ?? DEFAULT_REQUEST_TIMEOUT_MS,
    storage: kept,
    system,
    navigation,
    launchOptions: () => launch,
    createSelectorQuery: () => pages.instances.at(-1)?.createSelectorQuery(),
  })
  let current = 'app'
  const realm = createRealm({
    modules: pkg.modules,
    globals: {
      [globalName]: recordCalls(api, apiCalls),
      console: recordConsole(messages),
      ...createTimerApi(process),
      ...space.definers(() => current),
      App: (hooks: AppHooks) => void (app = hooks),
      getApp: () => app,
      getCurrentPages: () => pages.instances,
    },
    run(path, evaluate) {
      const outer = current
      if (pkg.components.includes(path)) current = path
      try {
        evaluate()
      } finally {
        current = outer
      }
    },
  })
  const disconnectNodes = connectNativeNodes(machine.stage)
  const find = (selector: string) => {
    const element = pages.topElement.querySelector<HTMLElement>(selector)
    if (!element) throw new Error(`no element matches ${selector} on the visible page`)
    return element
  }

  return {
    requests: records,
    apiCalls,
    errors,
    warnings,
    console: messages,
    setDataCalls: meter.calls,
    get pages() {
      return pages.list
    },
    async start(path = pkg.pages[0] ?? '', query = {}) {
      launch = { ...launch, path, query }
      realm.load('app.js')
      for (const component of pkg.components) realm.load(`${component}.js`)
      process.run(() => app.onLaunch?.(launch))
      process.run(() => app.onShow?.(launch))
      listeners.emit('AppShow', launch)
      pages.open(toUrl(path, query))
      await ready.flushed()
    },
    find,
    text: (selector) => visibleText(selector === undefined ? pages.topElement : find(selector)),
    html: () => pages.topElement.innerHTML,
    hide({ suspendAfterMs } = {}) {
      process.run(() => pages.hideForBackground())
      process.run(() => app.onHide?.({}))
      listeners.emit('AppHide', {})
      process.hide(suspendAfterMs)
    },
    show() {
      process.show()
      process.run(() => app.onShow?.(launch))
      listeners.emit('AppShow', launch)
      process.run(() => pages.showTop())
    },
    setNetwork(type) {
      network.set(type)
      const status = { isConnected: network.online, networkType: type }
      process.run(() => listeners.emit('NetworkStatusChange', status))
    },
    stored(key) {
      const text = kept.get(key)
      return text === undefined ? undefined : (JSON.parse(text) as unknown)
    },
    storage: () => Object.fromEntries([...kept].map(([key, text]) => [key, JSON.parse(text) as unknown])),
    navigateTo: (path, query = {}) => pages.open(toUrl(path, query)),
    back: (delta = 1) => pages.back(delta),
    setDataStats: () => meter.stats(),
    resetSetData: () => meter.reset(),
    close() {
      if (process.state === 'ended') return
      process.run(() => pages.closeAll())
      process.end()
      network.cutAll('host closed')
      disconnectNodes()
      space.close()
    },
  }
}
