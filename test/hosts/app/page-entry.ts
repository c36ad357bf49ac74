import type { AppHost } from './app-host.js'
import type { AppOptions } from './app-options.js'
import { forward } from '../mini-program/chromium/forward.js'
import { createAppHost } from './create-app-host.js'

declare global {
  interface Window {
    app: AppHost
    startApp: (launch: { path: string; query: string }, options: AppOptions) => Promise<void>
    /** Called by each page of the app before its own scripts. */
    equipPage: (page: Window & typeof globalThis) => void
  }
}

const load = async (name: string) => (await fetch(name)).text()

window.startApp = async (launch, options) => {
  const stage = document.body.appendChild(document.createElement('div'))
  stage.id = 'stage'
  window.app = createAppHost(
    { stage, fetch: forward, onPage: (equip) => (window.equipPage = equip) },
    launch,
    options,
  )
  const [framework, config, service] = await Promise.all([
    load('/framework.js'),
    load('/app-config-service.js'),
    load('/app-service.js'),
  ])
  window.app.start({ framework, config, service })
}
