import { recordConsole, type ConsoleMessage } from '../mini-program/record-console.js'
import { AppProcess } from '../mini-program/shell/app-process.js'
import { NetworkConditions } from '../mini-program/shell/network-conditions.js'
import { createTimerApi } from '../mini-program/shell/timer-api.js'
import { pointOf } from '../chromium/point-of.js'
import type { AppHost } from './app-host.js'
import type { AppOptions } from './app-options.js'
import { createServiceRealm } from './service-realm.js'
import { BridgeMeter } from './shell/bridge-meter.js'
import { EventHub } from './shell/event-hub.js'
import { createHarmonyGlobals } from './shell/harmony-api.js'
import type { NativeApp } from './shell/native-app.js'
import { createPlus } from './shell/plus-api.js'
import { toStored } from './shell/plus-storage.js'
import { createTaskQueue } from './shell/task-queue.js'
import { equipPage } from './shell/view-plus.js'
import type { WebView } from './shell/web-view.js'
import { WebViews } from './shell/web-views.js'
import { createWeex } from './shell/weex-api.js'

interface ServicePage {
  route: string
  options?: Record<string, string>
  $page: { id: number }
}

interface Navigation {
  [method: string]: (options: { url: string; success: () => void; fail: (error: unknown) => void }) => void
}

export interface Machine {
  stage: HTMLElement
  /** Without CORS. */
  fetch: typeof fetch
  /** Called for each page before its scripts. */
  onPage(equip: (page: Window & typeof globalThis) => void): void
}

const toJson = (values: Record<string, unknown>) =>
  new Map(Object.entries(values).map(([key, data]) => [key, JSON.stringify(data)]))

/** Sets up the native stand-in and the service layer for one compiled App, opened on `launch`. */
export function createAppHost(
  machine: Machine,
  launch: { path: string; query: string },
  {
    os = 'Android',
    runtime = 'app',
    storage = {},
    system = {},
    reportedNetwork,
    pushClientId,
  }: AppOptions = {},
): AppHost {
  const errors: string[] = []
  const process = new AppProcess((error) => {
    errors.push(error instanceof Error ? (error.stack ?? String(error)) : String(error))
  })
  const messages: ConsoleMessage[] = []
  const isHeld = () => process.state === 'suspended'
  const toService = createTaskQueue(isHeld)
  const toView = createTaskQueue(isHeld)
  const app: NativeApp = {
    ...{ os, process, system, launch },
    ...{
      network: new NetworkConditions(),
      records: [],
      harmonyRecords: [],
      meter: new BridgeMeter(),
      touched: new Set<string>(),
    },
    ...{ globalEvent: new EventHub(), keys: new EventHub(), push: new EventHub() },
    pushClientId,
    views: new WebViews(machine.stage),
    storage: runtime === 'app' ? toStored(storage) : toJson(storage),
    fetch: machine.fetch,
    toService: (work) => toService.add(() => process.run(work)),
    toView: (work) => toView.add(() => process.run(work)),
  }
  if (reportedNetwork !== undefined) app.network.report(reportedNetwork)
  const realm = createServiceRealm(createPlus(app), createWeex(app), {
    console: recordConsole(messages),
    ...createTimerApi(process),
    ...(runtime === 'app-harmony' && createHarmonyGlobals(app)),
  })
  machine.onPage((page) => equipPage(page, app))
  const uni = () => realm.get('uni') as Navigation & { getStorageSync(key: string): unknown }
  const pages = () =>
    ((realm.get('getCurrentPages') as (() => ServicePage[]) | undefined)?.() ?? []).map(
      ({ route, options = {}, $page }) => ({ path: route, query: options, webView: String($page.id) }),
    )
  const view = (id: string): WebView => {
    const found = app.views.get(id)
    if (!found) throw new Error(`no WebView ${id}`)
    return found
  }
  const documentOfTop = () => view(pages().at(-1)?.webView ?? 'of any page').document
  const announceVisibility = () => {
    for (const { document } of app.views.all) document.dispatchEvent(new Event('visibilitychange'))
  }

  return {
    requests: app.records,
    errors,
    console: messages,
    get pages() {
      return pages()
    },
    get webViews() {
      return app.views.all.map(({ id }) => id)
    },
    get touched() {
      return [...app.touched]
    },
    start({ framework, config, service }) {
      realm.define({ __export: realm.define })
      realm.run(framework, 'framework.js')
      realm.run(config, 'app-config-service.js')
      app.views.create(app, '__uniappview.html', '1')
      process.run(() => realm.run(service, 'app-service.js'))
    },
    text(selector) {
      const page = documentOfTop()
      const element = selector === undefined ? page.body : page.querySelector<HTMLElement>(selector)
      if (!element) throw new Error(`no element matches ${selector} on the visible page`)
      return element.innerText
    },
    document: documentOfTop,
    async pointOf(selector) {
      const page = documentOfTop()
      if ([...page.querySelectorAll('link')].some(({ rel, sheet }) => rel === 'stylesheet' && !sheet))
        throw new Error('a style sheet is still loading')
      return pointOf(selector, page)
    },
    isUnderPointer: () => documentOfTop().querySelector(':hover') !== null,
    hide({ suspendAfterMs } = {}) {
      process.run(() => app.globalEvent.fire('pause'))
      process.hide(suspendAfterMs)
      announceVisibility()
    },
    show() {
      process.show()
      announceVisibility()
      process.run(() => app.globalEvent.fire('resume'))
      toView.release()
      toService.release()
    },
    setNetwork(type) {
      app.network.set(type)
      process.run(() => app.globalEvent.fire('netchange'))
    },
    receivePush: (message) => app.toService(() => app.push.fire('receive', message)),
    stored: (key) => (app.storage.has(key) ? uni().getStorageSync(key) : undefined),
    allStored: () =>
      Object.fromEntries([...app.storage.keys()].map((key) => [key, uni().getStorageSync(key) as unknown])),
    navigate: (method, url) =>
      new Promise((success, reject) => {
        const fail = (error: unknown) => reject(new Error(JSON.stringify(error)))
        process.run(() => uni()[method]?.({ url, success, fail }))
      }),
    back: () => process.run(() => app.keys.fire('backbutton')),
    crash: (id) => view(id).crash(),
    stall: (id) => view(id).stall(),
    unstall: (id) => view(id).unstall(),
    listeners: (id, name) => view(id).listeners(name),
    runInService: (script) => realm.run(script, 'test.js'),
    callService: (name, args) => (realm.get(name) as (...given: unknown[]) => unknown)(...args),
    bridgeStats: () => app.meter.stats(),
    resetBridge: () => app.meter.reset(),
  }
}
