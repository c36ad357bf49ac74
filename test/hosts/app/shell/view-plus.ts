import { guardFetch } from './guard-fetch.js'
import { looseObject } from './loose-object.js'
import type { NativeApp } from './native-app.js'
import { SCREEN } from './device.js'

type PageWindow = Window & typeof globalThis & { plus?: unknown }

const idOf = (page: PageWindow) => new URLSearchParams(page.location.search).get('id') ?? ''

/** Gives a page its `plus`. @param id of its WebView; by default what its address says */
export function equipPage(page: PageWindow, app: NativeApp, id = idOf(page)): void {
  const { views, globalEvent, meter, touched } = app
  const loose = (name: string, members: object = {}) => looseObject(`view.plus.${name}`, members, touched)

  function postMessageToUniNView(message: object): void {
    const text = JSON.stringify(message)
    meter.record('toService', text)
    views.get(id)?.fromPage(() => globalEvent.fire('plusMessage', { data: JSON.parse(text) as unknown }))
  }

  page.plus = loose('plus', {
    os: { name: app.os, version: '13' },
    webview: loose('webview', {
      currentWebview: () => views.get(id),
      getWebviewById: (other: string) => views.get(other),
      postMessageToUniNView,
    }),
    navigator: loose('navigator', SCREEN.navigator),
    screen: loose('screen', SCREEN.screen),
    io: loose('io', { convertLocalFileSystemURL: (path: string) => path }),
    key: loose('key'),
    maps: loose('maps'),
  })
  guardFetch(page, app)
  const hidden = () => app.process.state !== 'foreground'
  Object.defineProperties(page.document, {
    hidden: { get: hidden },
    visibilityState: { get: () => (hidden() ? 'hidden' : 'visible') },
  })
}
